// The worker: opens the model that the page sends and answers its calls.
import type { Engine } from './engine.js';
import { PalateError, reasonOf } from './errors.js';
import { startLocal } from './local.js';
import { checkToWorker, type ToWorker } from './messages.js';
import { checks } from './operations.js';

let starting: ReturnType<typeof startLocal> | undefined;
let engine: Engine | undefined;

onmessage = async ({ data }: MessageEvent<unknown>) => {
  let answer = 0;
  try {
    const message = checkToWorker(data);
    if ('start' in message) {
      starting = startLocal(message.start);
      // A failure is told as the answer to `open`, which comes later.
      starting.catch(() => {});
      return;
    }
    if ('call' in message) answer = message.call;
    postMessage({ answer, value: await respond(message) });
  } catch (thrown) {
    const code = thrown instanceof PalateError ? thrown.code : 'worker/failed';
    postMessage({ answer, code, message: reasonOf(thrown) });
  }
};

async function respond(message: Exclude<ToWorker, { start: unknown }>): Promise<unknown> {
  if ('call' in message)
    return engine?.call(message.operation, checks[message.operation](message.argument));
  const open = await starting;
  engine = await open?.(message.open);
  return engine?.facts;
}
