// What every library is given: the same vectors, network and requests.
import { dimension, requestCount, widths } from '../works.mjs';

export async function bytesOf(name) {
  const response = await fetch(`/data/${name}`);
  if (!response.ok) throw new Error(`/data/${name}: ${response.status}`);
  return response.arrayBuffer();
}

export const itemVectors = async (catalogue) =>
  new Float32Array(await bytesOf(`items-${catalogue}.f32`));

/** The layers of the network: weights of outputs x inputs, row after row, and biases. */
export async function network() {
  return layersOf(new Float32Array(await bytesOf('network.f32')));
}

export function layersOf(numbers) {
  let place = 0;
  const take = (count) => numbers.subarray(place, (place += count));
  return widths.slice(1).map((outputs, layer) => {
    const inputs = widths[layer];
    return { inputs, outputs, weights: take(inputs * outputs), bias: take(outputs) };
  });
}

/** Each request of a file: the item whose vector is the visitor's, that vector, and candidates. */
export async function readRequests(name) {
  const files = await Promise.all([`${name}.u32`, 'visitors.f32'].map(bytesOf));
  const all = new Uint32Array(files[0]);
  const vectors = new Float32Array(files[1]);
  const stride = all.length / requestCount;
  return Array.from({ length: requestCount }, (_, index) => ({
    row: all[index * stride],
    vector: vectors.subarray(index * dimension, (index + 1) * dimension),
    candidates: all.subarray(index * stride + 1, (index + 1) * stride),
  }));
}

/** A visitor of the first item, without candidates: a page needs no more for its first list. */
export async function firstRequest() {
  const vector = new Float32Array(await bytesOf('first.f32'));
  return { row: 0, vector, candidates: new Uint32Array() };
}

/** Rows of a table one below the other, in memory that is used again. */
export function gather(table, rows, into) {
  for (let place = 0; place < rows.length; ++place) {
    const from = rows[place] * dimension;
    const to = place * dimension;
    for (let column = 0; column < dimension; ++column) into[to + column] = table[from + column];
  }
  return into;
}

/** What makes a request's batch: the visitor's vector beside each candidate's, and labels. */
export async function batches(count) {
  const items = await itemVectors('10k');
  const inputs = new Float32Array(count * 2 * dimension);
  const labels = Float32Array.from({ length: count }, (_, place) => (place % 4 === 0 ? 1 : 0));
  return ({ vector, candidates }) => {
    for (let place = 0; place < count; ++place) {
      const row = candidates[place] % (items.length / dimension);
      inputs.set(vector, 2 * place * dimension);
      inputs.set(
        items.subarray(row * dimension, (row + 1) * dimension),
        (2 * place + 1) * dimension,
      );
    }
    return { inputs, labels };
  };
}

/** A matrix with rows and columns exchanged. */
export function transposed(matrix, rows, columns) {
  const turned = new Float32Array(matrix.length);
  for (let row = 0; row < rows; ++row)
    for (let column = 0; column < columns; ++column)
      turned[column * rows + row] = matrix[row * columns + column];
  return turned;
}

/**
 * The first layer in two halves, each of outputs x dimension: what the visitor's vector adds is the
 * same for all candidates, so it need be computed only once a request.
 */
export function halves({ outputs, inputs, weights }) {
  const columns = (first) => {
    const half = new Float32Array(outputs * dimension);
    for (let row = 0; row < outputs; ++row)
      half.set(
        weights.subarray(row * inputs + first, row * inputs + first + dimension),
        row * dimension,
      );
    return half;
  };
  return { visitor: columns(0), item: columns(dimension) };
}
