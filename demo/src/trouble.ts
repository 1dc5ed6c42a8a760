// What a visitor reads when the page cannot do its work: what is wrong, and what to do.
import { PalateError } from 'palate';
import { make } from './dom.ts';

export function trouble(error: unknown): HTMLElement {
  const [what, todo] = explain(error);
  return make(
    'div',
    { class: 'trouble', role: 'alert' },
    make('h2', {}, what),
    make('p', {}, todo),
    make('p', { class: 'detail' }, error instanceof Error ? error.message : String(error)),
  );
}

function explain(error: unknown): [what: string, todo: string] {
  const code = error instanceof PalateError ? error.code : '';
  if (typeof WebAssembly === 'undefined' || code === 'runtime/unsupported') {
    return [
      'This browser cannot run the ranking',
      'Films are ranked by a small WebAssembly program in the page. ' +
        'Please allow WebAssembly here, or open the page in a current browser.',
    ];
  }
  if (code.startsWith('fetch/')) {
    return [
      'The model file did not arrive',
      'If this is your own copy, run tools/demo.sh: it trains a model and puts it beside this page. ' +
        'Otherwise reload in a moment.',
    ];
  }
  if (code.startsWith('model/')) {
    return [
      'The model file was refused',
      'It was cut short or changed on its way, or another version of Palate made it. ' +
        'Train it again with tools/demo.sh, then reload.',
    ];
  }
  return [
    'Something went wrong',
    'Please reload the page. Your likes were in this tab only, so they start anew.',
  ];
}
