/**
 * The worker's script: it opens the model that the page sends and answers its calls. It is started
 * by `Palate.load(…, { worker })`, and there to be imported by a worker of the page's own.
 *
 * @module
 */
import type { Engine } from './engine.js';
import { PalateError, reasonOf } from './errors.js';
import { startLocal } from './local.js';
import {
  checkToWorker,
  type FromWorker,
  type Opened,
  type Start,
  type ToWorker,
} from './messages.js';
import { checks } from './operations.js';
import { compileShared } from './threads.js';

let starting: ReturnType<typeof startLocal> | undefined;
let engine: Engine | undefined;

const say = (message: FromWorker) => postMessage(message);

onmessage = async ({ data }: MessageEvent<unknown>) => {
  let answer = 0;
  try {
    const message = checkToWorker(data);
    if ('start' in message) {
      starting = start(message);
      // A failure is told as the answer to `open`, which comes later.
      starting.catch(() => {});
      return;
    }
    answer = message.call;
    say({ begun: answer });
    say({ answer, value: await respond(message) });
  } catch (thrown) {
    const code = thrown instanceof PalateError ? thrown.code : 'worker/failed';
    say({ answer, code, message: reasonOf(thrown) });
  }
};

async function start({ start, learning, threads }: Start) {
  const tell = (there: number) => say({ threads: there });
  const shared = threads > 1 ? await compileShared(start, threads, tell) : undefined;
  return startLocal(start, learning, shared);
}

async function respond(message: Exclude<ToWorker, { start: unknown }>): Promise<unknown> {
  if ('operation' in message)
    return engine?.call(message.operation, checks[message.operation](message.argument));
  const local = await starting!;
  const model = new Uint8Array(await message.open.arrayBuffer());
  if (engine === undefined) engine = await local.open(model, message.entries);
  else await engine.models.replace(model);
  return { facts: engine.facts, module: local.module } satisfies Opened;
}
