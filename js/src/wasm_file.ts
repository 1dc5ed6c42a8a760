// Which build of the runtime this browser gets, and how its wasm comes here.
import { defaultRest, defaultWasm } from './beside.js';
import { PalateError, reasonOf } from './errors.js';
import type { Instance } from './instance.js';

/** An address, the bytes, or a compiled module; `undefined` takes the file beside this script. */
export type WasmSource = string | ArrayBuffer | Uint8Array | WebAssembly.Module | undefined;

export function isWasmSource(data: unknown): data is WasmSource {
  if (data === undefined || typeof data === 'string') return true;
  return (
    data instanceof ArrayBuffer || data instanceof Uint8Array || data instanceof WebAssembly.Module
  );
}

// (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt), and the same with
// i8x16.relaxed_swizzle.
const simdProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
];
const relaxedProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15,
  65, 2, 253, 15, 253, 128, 2, 11,
];

/** Where the two parts of the runtime come from. */
export interface WasmSources {
  core: WasmSource;
  rest: WasmSource;
}

/** The core, and what fetches and compiles the rest; a build with threads is one module. */
export interface CompiledWasm {
  core: WebAssembly.Module;
  rest?: () => Promise<WebAssembly.Module>;
  /** Of a build with threads: what an instance takes for its memory. */
  memory?: () => WebAssembly.Memory;
  /** Has threads help an instance whose model is open, and no other from now on. */
  help?: (instance: Instance) => void;
}

export async function compileWasm({ core, rest }: WasmSources): Promise<CompiledWasm> {
  const compiledCore = await compileFrom(core, defaultWasm);
  return { core: compiledCore, rest: () => compileRest(rest, compiledCore) };
}

async function compileRest(
  source: WasmSource,
  core: WebAssembly.Module,
): Promise<WebAssembly.Module> {
  const rest = await compileFrom(source, defaultRest);
  if (buildOf(rest) === buildOf(core)) return rest;
  throw new PalateError(
    'runtime/load',
    'the two wasm files are not of one build: give both, as wasm and wasmRest, from one release',
  );
}

/** What split.py wrote into both parts of a build. */
function buildOf(module: WebAssembly.Module): string {
  return WebAssembly.Module.customSections(module, 'palate')
    .map((section) => new Uint8Array(section).join())
    .join();
}

/** Compiled modules by address: a second model on the page costs no second download. */
const compiled = new Map<string | Uint8Array, Promise<WebAssembly.Module>>();

export async function compileFrom(
  source: WasmSource,
  byDefault: (isRelaxed: boolean) => string | Uint8Array,
): Promise<WebAssembly.Module> {
  if (typeof WebAssembly !== 'object' || !validates(simdProbe)) {
    throw new PalateError(
      'runtime/unsupported',
      'this browser has no WebAssembly SIMD: Chrome 91, Firefox 89 and Safari 16.4 are the first',
    );
  }
  if (source instanceof WebAssembly.Module) return source;
  if (source !== undefined && typeof source !== 'string')
    return compiling(() => WebAssembly.compile(source as BufferSource), 'the given wasm');
  const place = source ?? byDefault(validates(relaxedProbe));
  let module = compiled.get(place);
  if (module === undefined) {
    module = fetchAndCompile(place);
    compiled.set(place, module);
    // A failure is not remembered: the next load may find the network again.
    module.catch(() => compiled.delete(place));
  }
  return module;
}

async function fetchAndCompile(place: string | Uint8Array): Promise<WebAssembly.Module> {
  if (typeof place !== 'string')
    return compiling(() => WebAssembly.compile(place as BufferSource), 'the built-in wasm');
  const response = await download(place);
  const type = response.headers.get('content-type') ?? 'no content type';
  return compiling(async () => {
    // While it arrives, and browsers keep what they made of it for the next visit.
    if (type === 'application/wasm') return WebAssembly.compileStreaming(response);
    const bytes = await response.arrayBuffer();
    const isWasm = new Uint8Array(bytes.slice(0, 4)).join() === '0,97,115,109';
    if (isWasm) return WebAssembly.compile(bytes);
    throw new PalateError(
      'runtime/load',
      `${place} is no WebAssembly but ${type}: is the file deployed beside the scripts?`,
    );
  }, place);
}

function validates(bytes: number[]): boolean {
  return WebAssembly.validate(new Uint8Array(bytes));
}

async function download(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (thrown) {
    throw new PalateError(
      'runtime/load',
      `GET ${url} failed: ${reasonOf(thrown)}: is there a network? In Node, import palate/node`,
      { cause: thrown },
    );
  }
  if (response.ok) return response;
  throw new PalateError(
    'runtime/load',
    `GET ${url} answered ${response.status} instead of the runtime: is the file deployed beside the scripts?`,
  );
}

async function compiling(
  compile: () => Promise<WebAssembly.Module>,
  name: string,
): Promise<WebAssembly.Module> {
  try {
    return await compile();
  } catch (thrown) {
    if (thrown instanceof PalateError) throw thrown;
    throw new PalateError(
      'runtime/load',
      `${name} cannot be compiled: ${reasonOf(thrown)}: is it whole, and does script-src allow 'wasm-unsafe-eval'?`,
      { cause: thrown },
    );
  }
}
