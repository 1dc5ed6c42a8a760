// Where the operations are carried out: on this thread or in the worker.
import type { DownloadOptions } from './download.js';
import type { Argument, OperationName } from './operations.js';
import type { ModelFacts } from './types.js';

export interface Place {
  readonly facts: ModelFacts;
  readonly isDisposed: boolean;
  call<Name extends OperationName>(operation: Name, argument: Argument<Name>): Promise<unknown>;
  /** The bytes of the open model's file. */
  model(): Promise<Uint8Array<ArrayBuffer>>;
  /** Puts another model in the place of the open one, between two calls; the history stays. */
  replace(model: Uint8Array<ArrayBuffer>): Promise<ModelFacts>;
  dispose(): void;
}

/** Brings a model, into the room that is given for it if it comes from elsewhere. */
export type ReadModel = (room?: DownloadOptions['room']) => Promise<Uint8Array<ArrayBuffer>>;

/** Opens a place with the model that `read` brings. */
export type OpenPlace = (read: ReadModel) => Promise<Place>;
