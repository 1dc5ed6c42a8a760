// The peers' .tflite files: FlatBuffers by hand, with the field numbers of TFLite's schema, version 3.
import { Builder } from 'flatbuffers';
import { halves } from './page/inputs.mjs';
import { dimension } from './works.mjs';

const types = { f32: 0, i8: 9 };
const operators = { add: 0, dense: 9 };
/** The union members of BuiltinOptions and how many fields each has. */
const optionKinds = { add: { kind: 11, fields: 2 }, dense: { kind: 8, fields: 5 } };

/** A graph of tensors and operators, in the order in which they are added. */
class Graph {
  #tensors = [];
  #steps = [];

  tensor(type, shape, data, scales) {
    return this.#tensors.push({ type, shape, data, scales }) - 1;
  }

  /** A constant matrix of outputs x inputs: f32, or int8 with a scale for each row. */
  weights(precision, matrix, outputs, inputs) {
    if (precision === 'f32') return this.tensor('f32', [outputs, inputs], matrix);
    const { values, scales } = quantizedRows(matrix, outputs, inputs);
    return this.tensor('i8', [outputs, inputs], values, scales);
  }

  /** Adds an operator; returns its output. */
  step(name, inputs, shape, withRelu = false) {
    const output = this.tensor('f32', shape);
    this.#steps.push({ name, inputs, output, withRelu });
    return output;
  }

  write(inputs, outputs) {
    const constants = this.#tensors.filter(({ data }) => data !== undefined);
    const size = constants.reduce((sum, { data }) => sum + data.byteLength + 64, 1 << 16);
    const builder = new Builder(
      size + constants.reduce((sum, { scales }) => sum + 16 * (scales?.length ?? 0), 0),
    );
    // The first buffer is empty and stands for all tensors without data.
    const buffers = [
      table(builder, 1, []),
      ...constants.map(({ data }) => {
        const bytes = rawVector(builder, data);
        return table(builder, 1, [(t) => t.addFieldOffset(0, bytes, 0)]);
      }),
    ];
    const tensors = this.#tensors.map((tensor) =>
      writeTensor(builder, tensor, constants.indexOf(tensor) + 1),
    );
    const names = Object.keys(operators);
    const steps = this.#steps.map((step) => writeStep(builder, step, names));
    const codes = names.map((name) =>
      table(builder, 4, [
        (t) => t.addFieldInt8(0, operators[name], 0),
        (t) => t.addFieldInt32(2, 1, 0),
        (t) => t.addFieldInt32(3, operators[name], 0),
      ]),
    );
    const parts = [
      offsets(builder, tensors),
      integers(builder, inputs),
      integers(builder, outputs),
      offsets(builder, steps),
      builder.createString('main'),
    ];
    const subgraph = table(
      builder,
      5,
      parts.map((part, field) => (t) => t.addFieldOffset(field, part, 0)),
    );
    const [codeList, graphs, description, bufferList] = [
      offsets(builder, codes),
      offsets(builder, [subgraph]),
      builder.createString('palate-bench'),
      offsets(builder, buffers),
    ];
    const model = table(builder, 5, [
      (t) => t.addFieldInt32(0, 3, 0),
      (t) => t.addFieldOffset(1, codeList, 0),
      (t) => t.addFieldOffset(2, graphs, 0),
      (t) => t.addFieldOffset(3, description, 0),
      (t) => t.addFieldOffset(4, bufferList, 0),
    ]);
    builder.finish(model, 'TFL3');
    return builder.asUint8Array();
  }
}

function table(builder, fieldCount, fields) {
  builder.startObject(fieldCount);
  for (const add of fields) add(builder);
  return builder.endObject();
}

function vector(builder, values, size, add) {
  builder.startVector(size, values.length, size);
  for (let index = values.length - 1; index >= 0; --index) add(values[index]);
  return builder.endVector();
}
const integers = (builder, values) => vector(builder, values, 4, (x) => builder.addInt32(x));
const offsets = (builder, values) => vector(builder, values, 4, (x) => builder.addOffset(x));

/** A vector of bytes at a multiple of 16, copied as a whole. */
function rawVector(builder, data) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  builder.startVector(1, bytes.length, 16);
  builder.space -= bytes.length;
  builder.bb.bytes().set(bytes, builder.space);
  return builder.endVector();
}

function writeTensor(builder, { type, shape, data, scales }, buffer) {
  const dims = integers(builder, shape);
  let quantization = 0;
  if (scales !== undefined) {
    const scaleList = vector(builder, scales, 4, (x) => builder.addFloat32(x));
    const zeros = vector(builder, scales, 8, () => builder.addInt64(0n));
    quantization = table(builder, 7, [
      (t) => t.addFieldOffset(2, scaleList, 0),
      (t) => t.addFieldOffset(3, zeros, 0),
    ]);
  }
  return table(builder, 5, [
    (t) => t.addFieldOffset(0, dims, 0),
    (t) => t.addFieldInt8(1, types[type], 0),
    (t) => t.addFieldInt32(2, data === undefined ? 0 : buffer, 0),
    (t) => t.addFieldOffset(4, quantization, 0),
  ]);
}

function writeStep(builder, { name, inputs, output, withRelu }, names) {
  const { kind, fields } = optionKinds[name];
  const [from, to] = [integers(builder, inputs), integers(builder, [output])];
  const options = table(builder, fields, [(t) => t.addFieldInt8(0, withRelu ? 1 : 0, 0)]);
  return table(builder, 5, [
    (t) => t.addFieldInt32(0, names.indexOf(name), 0),
    (t) => t.addFieldOffset(1, from, 0),
    (t) => t.addFieldOffset(2, to, 0),
    (t) => t.addFieldInt8(3, kind, 0),
    (t) => t.addFieldOffset(4, options, 0),
  ]);
}

function quantizedRows(matrix, rows, columns) {
  const values = new Int8Array(matrix.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; ++row) {
    const own = matrix.subarray(row * columns, (row + 1) * columns);
    const scale = own.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9) / 127;
    scales[row] = scale;
    for (let column = 0; column < columns; ++column)
      values[row * columns + column] = Math.round(own[column] / scale);
  }
  return { values, scales };
}

/** The first layer in two halves, the others: visitor's vector and gathered rows in, scores out. */
export function tfliteRanker(precision, count, [first, second, third]) {
  const graph = new Graph();
  const { visitor, item } = halves(first);
  const bias = (layer) => graph.tensor('f32', [layer.outputs], layer.bias);
  const weights = (layer) => graph.weights(precision, layer.weights, layer.outputs, layer.inputs);
  const visitorVector = graph.tensor('f32', [1, dimension]);
  const rows = graph.tensor('f32', [count, dimension]);
  const visitorHalf = graph.weights('f32', visitor, first.outputs, dimension);
  const itemHalf = graph.weights(precision, item, first.outputs, dimension);
  const shared = graph.step('dense', [visitorVector, visitorHalf, bias(first)], [1, first.outputs]);
  const own = graph.step('dense', [rows, itemHalf, -1], [count, first.outputs]);
  const hidden1 = graph.step('add', [own, shared], [count, first.outputs], true);
  const hidden2 = graph.step(
    'dense',
    [hidden1, weights(second), bias(second)],
    [count, second.outputs],
    true,
  );
  const scores = graph.step(
    'dense',
    [hidden2, weights(third), bias(third)],
    [count, third.outputs],
  );
  return graph.write([visitorVector, rows], [scores]);
}

/** The visitor's vector in, the scores of all items out. */
export function tfliteRetrieval(precision, items) {
  const graph = new Graph();
  const count = items.length / dimension;
  const visitor = graph.tensor('f32', [1, dimension]);
  const table = graph.weights(precision, items, count, dimension);
  return graph.write([visitor], [graph.step('dense', [visitor, table, -1], [1, count])]);
}
