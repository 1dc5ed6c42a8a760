/**
 * The core in a single file, its wasm included, for pages that want no second one. It is a third
 * larger on the wire, and computes in the page only: `worker: true` needs a file of its own, which
 * a strict `worker-src` asks for.
 *
 * @module
 */
export * from './palate.js';
