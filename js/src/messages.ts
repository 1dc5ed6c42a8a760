// The closed schema of what a page and its worker say to each other, and its check.
import { PalateError } from './errors.js';
import { checks, type OperationName } from './operations.js';
import { isWasmSource, type WasmSource } from './wasm_file.js';

/** To the worker: first the runtime to start, then the model to open, then calls. */
export type ToWorker =
  | { start: WasmSource }
  | { open: Uint8Array<ArrayBuffer> }
  | { call: number; operation: OperationName; argument: unknown };

/** From the worker: the result of a call, or of `open` (number 0). */
export type FromWorker =
  { answer: number; value: unknown } | { answer: number; code: string; message: string };

export function checkToWorker(data: unknown): ToWorker {
  if (isObject(data)) {
    if ('start' in data && isWasmSource(data['start'])) return { start: data['start'] };
    if (data['open'] instanceof Uint8Array) {
      return { open: data['open'] as Uint8Array<ArrayBuffer> };
    }
    const { call, operation, argument } = data;
    if (isNumber(call) && isOperation(operation)) return { call, operation, argument };
  }
  throw new PalateError('worker/failed', 'the worker was sent a message that is not in its schema');
}

export function checkFromWorker(data: unknown): FromWorker {
  if (isObject(data) && isNumber(data['answer'])) {
    const { answer, value, code, message } = data;
    if ('value' in data) return { answer, value };
    if (typeof code === 'string' && typeof message === 'string') return { answer, code, message };
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
