// Palate's trainer of rankers: page/train_step.cc, by itself.
import { dimension, widths } from '../works.mjs';
import { serveBench } from './bench.mjs';
import { batches, bytesOf } from './inputs.mjs';
import { topK } from './top_k.mjs';

serveBench({
  async prepare({ count, listed, rate }, { variant }) {
    const module = await WebAssembly.compileStreaming(fetch(`/step/${variant}/train_step.wasm`));
    const { exports: wasm } = await WebAssembly.instantiate(module, nothing(module));
    wasm._initialize();
    const floats = (address, size) => new Float32Array(wasm.memory.buffer, address, size);
    const network = new Float32Array(await bytesOf('network.f32'));
    floats(wasm.network(network.length), network.length).set(network);
    widths.slice(1).forEach((outputs, layer) => wasm.add_layer(widths[layer], outputs));
    if (!wasm.start(widths.length - 1, count)) throw new Error('no memory for the trainer');
    const inputs = floats(wasm.inputs(), count * 2 * dimension);
    const labels = floats(wasm.labels(), count);
    const batchOf = await batches(count);
    return (request) => {
      const batch = batchOf(request);
      inputs.set(batch.inputs);
      labels.set(batch.labels);
      return topK(floats(wasm.step(rate), count), listed);
    };
  },
});

/** What a module asks of its surroundings, none of which is ever called. */
function nothing(module) {
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => {
      throw new Error(`${from}.${name} was called`);
    };
  return imports;
}
