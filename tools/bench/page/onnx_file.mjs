// The peers' .onnx files: protobuf by its wire format, with the field numbers of onnx.proto.
import { halves, transposed } from './page/inputs.mjs';
import { dimension } from './works.mjs';

const types = { f32: 1, i8: 3, i32: 6, i64: 7 };

/** A varint, seven bits a byte. */
function varint(value) {
  const bytes = [];
  for (let left = BigInt(value); ; left >>= 7n) {
    if (left < 128n) return Buffer.from([...bytes, Number(left)]);
    bytes.push(Number(left & 127n) | 128);
  }
}
const number = (field, value) => [varint(field << 3), varint(value)];
const bytes = (field, ...parts) => {
  const flat = parts
    .flat(Infinity)
    .map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const size = flat.reduce((sum, part) => sum + part.length, 0);
  return [varint((field << 3) | 2), varint(size), ...flat];
};

const rawOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const constant = (name, type, dims, data) =>
  bytes(
    5,
    dims.map((dim) => number(1, dim)),
    number(2, types[type]),
    bytes(8, name),
    bytes(9, rawOf(data)),
  );
const node = (type, inputs, output, attributes = {}) =>
  bytes(
    1,
    inputs.map((input) => bytes(1, input)),
    [output].flat().map((one) => bytes(2, one)),
    bytes(4, type),
    Object.entries(attributes).map(([name, value]) =>
      bytes(5, bytes(1, name), number(3, value), number(20, 2)),
    ),
  );
const value = (field, name, type, dims) => {
  const shape = dims.map((dim) =>
    bytes(1, typeof dim === 'string' ? bytes(2, dim) : number(1, dim)),
  );
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, types[type]), bytes(2, shape))));
};
const input = (...of) => value(11, ...of);
const output = (...of) => value(12, ...of);

/** Version 17 of the operators in version 8 of the format. */
function file(...graph) {
  const parts = [
    number(1, 8),
    bytes(2, 'palate-bench'),
    bytes(7, graph, bytes(2, 'bench')),
    bytes(8, number(2, 17)),
  ];
  return Buffer.concat(parts.flat(Infinity));
}

/** Symmetric int8 with one scale, as onnxruntime's own tool for dynamic quantisation writes it. */
function quantized(matrix) {
  const most = matrix.reduce((sum, x) => Math.max(sum, Math.abs(x)), 0);
  const scale = most / 127;
  return { scale, values: Int8Array.from(matrix, (x) => Math.round(x / scale)) };
}

/** y = x W in f32, or by integers after the activations were quantised; W is inputs x outputs. */
function product(precision, x, name, matrix, dims, y) {
  if (precision === 'f32')
    return [constant(name, 'f32', dims, matrix), node('MatMul', [x, name], y)];
  const { scale, values } = quantized(matrix);
  return [
    constant(`${name}_q`, 'i8', dims, values),
    constant(`${name}_scale`, 'f32', [], Float32Array.of(scale)),
    constant(`${name}_zero`, 'i8', [], Int8Array.of(0)),
    node('DynamicQuantizeLinear', [x], [`${y}_q`, `${y}_scale`, `${y}_zero`]),
    node('MatMulInteger', [`${y}_q`, `${name}_q`, `${y}_zero`, `${name}_zero`], `${y}_i`),
    node('Cast', [`${y}_i`], `${y}_f`, { to: types.f32 }),
    node('Mul', [`${y}_scale`, `${name}_scale`], `${y}_factor`),
    node('Mul', [`${y}_f`, `${y}_factor`], y),
  ];
}

const flat = (from, to) => [
  constant('flat', 'i64', [1], BigInt64Array.of(-1n)),
  node('Reshape', [from, 'flat'], to),
];

/** Gather, the first layer in two halves, the others: `rows` and `visitor` in, `scores` out. */
export function onnxRanker(precision, items, [first, second, third]) {
  const { visitor, item } = halves(first);
  const turned = (weights, outputs, inputs) => transposed(weights, outputs, inputs);
  const biased = (x, bias, y) => [
    constant(`${y}_bias`, 'f32', [bias.length], bias),
    node('Add', [x, `${y}_bias`], y),
  ];
  const layer = (x, { weights, outputs, inputs, bias }, y) => [
    ...product(
      precision,
      x,
      `${y}_w`,
      turned(weights, outputs, inputs),
      [inputs, outputs],
      `${y}_p`,
    ),
    ...biased(`${y}_p`, bias, y),
  ];
  return file(
    input('visitor', 'f32', [1, dimension]),
    input('rows', 'i32', ['count']),
    output('scores', 'f32', ['count']),
    constant('items', 'f32', [items.length / dimension, dimension], items),
    node('Gather', ['items', 'rows'], 'gathered', { axis: 0 }),
    product(
      'f32',
      'visitor',
      'w_visitor',
      turned(visitor, first.outputs, dimension),
      [dimension, first.outputs],
      'product',
    ),
    biased('product', first.bias, 'shared'),
    product(
      precision,
      'gathered',
      'w_item',
      turned(item, first.outputs, dimension),
      [dimension, first.outputs],
      'own',
    ),
    node('Add', ['own', 'shared'], 'sum1'),
    node('Relu', ['sum1'], 'hidden1'),
    layer('hidden1', second, 'sum2'),
    node('Relu', ['sum2'], 'hidden2'),
    layer('hidden2', third, 'sum3'),
    flat('sum3', 'scores'),
  );
}

/** `visitor` in, `scores` of all items out; the table lies turned, as the product wants it. */
export function onnxRetrieval(precision, items) {
  const count = items.length / dimension;
  return file(
    input('visitor', 'f32', [1, dimension]),
    output('scores', 'f32', [count]),
    product(
      precision,
      'visitor',
      'items',
      transposed(items, count, dimension),
      [dimension, count],
      'products',
    ),
    flat('products', 'scores'),
  );
}
