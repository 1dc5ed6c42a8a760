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

/** Each request: the item whose vector is the visitor's, that vector, and candidates. */
export async function readRequests() {
  const [words, vectors] = await Promise.all([bytesOf('requests.u32'), itemVectors('10k')]);
  const all = new Uint32Array(words);
  const stride = all.length / requestCount;
  return Array.from({ length: requestCount }, (_, index) => {
    const row = all[index * stride];
    return {
      row,
      vector: vectors.slice(row * dimension, (row + 1) * dimension),
      candidates: all.subarray(index * stride + 1, (index + 1) * stride),
    };
  });
}

/** One request without candidates: a page needs no more for its first list. */
export async function firstRequest() {
  const { row, vector } = JSON.parse(new TextDecoder().decode(await bytesOf('first.json')));
  return { row, vector: Float32Array.from(vector), candidates: new Uint32Array() };
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
