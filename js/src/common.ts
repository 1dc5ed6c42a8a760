// What the package's other scripts take from dist/runtime.js, which a page downloads once.
export { get, nameOf, readResponse, roomInScript } from './download.js';
export { disposed, PalateError, reasonOf } from './errors.js';
export { isEvent, MemoryStore } from './history.js';
export { checkLearning } from './learning.js';
export { startLocal } from './local.js';
export { named, readModelFile } from './model_file.js';
export { checkSize, modelFile, statedChecksum, toHex } from './model_head.js';
export {
  checkCount,
  checkFlag,
  checkEntry,
  checkObject,
  checks,
  entriesOf,
  invalid,
  profileDocument,
} from './operations.js';
export { Models } from './place.js';
export { compileFrom, isWasmSource } from './wasm_file.js';
