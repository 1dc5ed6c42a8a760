// The closed schema of what a page and its worker say to each other, and its check.
import { PalateError } from './errors.js';
import type { Entry } from './history.js';
import { checkLearning, type LearningSettings } from './learning.js';
import { checkEntry, checks, type OperationName } from './operations.js';
import type { ModelFacts } from './types.js';
import { isWasmSource, type WasmSources } from './wasm_file.js';

/** To the worker: first the runtime to start, then the model to open (later another), then calls. */
export type ToWorker =
  | Start
  | { call: number; open: Blob; entries: readonly Entry[] }
  | { call: number; operation: OperationName; argument: unknown };

export interface Start {
  start: WasmSources;
  learning: LearningSettings;
  threads: number;
}

/** From the worker: how many threads it has by now; that a call has begun, then its result. */
export type FromWorker =
  | { threads: number }
  | { begun: number }
  | { answer: number; value: unknown }
  | { answer: number; code: string; message: string };

/** The answer to `open`. */
export interface Opened {
  facts: ModelFacts;
  module: WebAssembly.Module;
}

export function checkToWorker(data: unknown): ToWorker {
  if (isObject(data)) {
    const { start, learning, threads, call, open, entries, operation, argument } = data;
    if (isObject(start) && isNumber(threads)) {
      const { core, rest } = start;
      if (isWasmSource(core) && isWasmSource(rest)) {
        return { start: { core, rest }, learning: checkLearning(learning), threads };
      }
    }
    if (isNumber(call) && open instanceof Blob && Array.isArray(entries)) {
      return { call, open, entries: entries.map(checkEntry) };
    }
    if (isNumber(call) && isOperation(operation)) return { call, operation, argument };
  }
  throw new PalateError('worker/failed', 'the worker was sent a message that is not in its schema');
}

export function checkFromWorker(data: unknown): FromWorker {
  if (isObject(data)) {
    const { threads, begun, answer, value, code, message } = data;
    if (isNumber(threads)) return { threads };
    if (isNumber(begun)) return { begun };
    if (isNumber(answer)) {
      if ('value' in data) return { answer, value };
      if (typeof code === 'string' && typeof message === 'string') return { answer, code, message };
    }
  }
  throw new PalateError('worker/failed', 'the worker sent a message that is not in its schema');
}

function isObject(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null;
}

function isNumber(data: unknown): data is number {
  return Number.isSafeInteger(data);
}

function isOperation(data: unknown): data is OperationName {
  return typeof data === 'string' && Object.hasOwn(checks, data);
}
