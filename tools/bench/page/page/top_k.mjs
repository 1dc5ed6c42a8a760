// The best of many scores, as a page would write it: a heap of the best so far.

/** Positions of the `k` largest of `scores`, best first, ties to the lower position. */
export function topK(scores, k) {
  const size = Math.min(k, scores.length);
  const heap = new Int32Array(size);
  const isWorse = (a, b) => scores[a] < scores[b] || (scores[a] === scores[b] && a > b);
  const sink = (place, position) => {
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && isWorse(heap[child + 1], heap[child])) ++child;
      if (!isWorse(heap[child], position)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = position;
  };
  for (let position = 0; position < size; ++position) heap[position] = position;
  for (let place = (size >> 1) - 1; place >= 0; --place) sink(place, heap[place]);
  let worst = scores[heap[0]];
  for (let position = size; position < scores.length; ++position) {
    if (scores[position] > worst) {
      sink(0, position);
      worst = scores[heap[0]];
    }
  }
  return heap.sort((a, b) => (isWorse(a, b) ? 1 : -1));
}
