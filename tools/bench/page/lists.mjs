// Whether two libraries find the same: how many of the best 10 they share.

const looked = 10;

/** Of lists, request by request, how many of the first 10 are the same: the mean and the least. */
export function overlap(expected, found) {
  const shared = expected.map((list, request) => {
    const known = new Set(list.slice(0, looked));
    return found[request].slice(0, looked).filter((row) => known.has(row)).length;
  });
  return {
    mean: shared.reduce((sum, count) => sum + count, 0) / shared.length,
    least: Math.min(...shared),
  };
}

/** f32 has to find the very same items; int8 nine of ten, taken over the requests. */
export function agrees(precision, { mean, least }) {
  return precision === 'f32' ? least === looked : mean >= 9;
}
