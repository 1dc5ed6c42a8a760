// Where the operations are carried out: on this thread or in the worker.
import type { DownloadOptions } from './download.js';
import type { AddedItems } from './new_items.js';
import type { Argument, OperationName } from './operations.js';
import type { ModelFacts } from './types.js';

export interface Place {
  readonly facts: ModelFacts;
  readonly isDisposed: boolean;
  readonly models: Models;
  /** How many share out a pass over the catalogue, if several. */
  readonly threads?: number | undefined;
  call<Name extends OperationName>(operation: Name, argument: Argument<Name>): Promise<unknown>;
  dispose(): void;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Opens a model in the place of the open one, between two calls; the history stays. */
type Put = (model: Bytes) => Promise<ModelFacts>;

/** The models of a place, one after another: each with the items that the page has added. */
export class Models {
  added: AddedItems | undefined;
  #put: Put;
  #read: () => Promise<Bytes>;
  /** Settles when every change so far is made. */
  #changed: Promise<unknown> = Promise.resolve();

  constructor(put: Put, read: () => Promise<Bytes>) {
    this.#put = put;
    this.#read = read;
  }

  /** The bytes of the open model's file, without what the page has added. */
  file(): Promise<Bytes> {
    return this.added?.base() ?? this.#read();
  }

  /** Puts another model in the place of the open one. */
  replace(model: Bytes): Promise<ModelFacts> {
    return this.change((put) => this.added?.onto(model, put) ?? put(model));
  }

  /** Makes a change when those before it are made. */
  change<T>(make: (put: Put) => Promise<T>): Promise<T> {
    const made = this.#changed.then(() => make(this.#put));
    this.#changed = made.catch(() => {});
    return made;
  }
}

/** Brings a model, into the room that is given for it if it comes from elsewhere. */
export type ReadModel = (room?: DownloadOptions['room']) => Promise<Uint8Array<ArrayBuffer>>;

/** Opens a place with the model that `read` brings. */
export type OpenPlace = (read: ReadModel) => Promise<Place>;
