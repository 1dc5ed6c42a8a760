// The start: loads the model, tells where it comes from, and opens the page over it.
import { type ModelFacts, Palate } from 'palate';
import { find, make } from './dom.ts';
import { toFilm } from './films.ts';
import { bytes, plural } from './format.ts';
import { Page } from './page.ts';
import { showTraffic } from './traffic.ts';
import { trouble } from './trouble.ts';

const modelUrl = new URL('model.palate', document.baseURI).href;
const originUrl = new URL('model.json', document.baseURI).href;

/** Who stands behind the model's interactions; tools/demo.sh writes it beside the model. */
interface Origin {
  source: 'simulated' | 'file';
}

async function start(): Promise<void> {
  const [palate, origin] = await Promise.all([loadModel(), loadOrigin()]);
  const films = (await palate.items()).map(toFilm);
  find('progress').remove();
  find('tools').hidden = false;
  showOrigin(palate.model, origin);
  await new Page(
    palate,
    films,
    origin.source === 'simulated' ? 'simulated viewer' : 'viewer',
  ).refresh();
  showTraffic(find('loaded'), find('sent'), modelUrl);
}

function loadModel(): Promise<Palate> {
  const progress = find<HTMLProgressElement>('progress');
  return Palate.load(modelUrl, {
    onProgress: ({ loaded, total }) => {
      if (total) progress.value = loaded / total;
      find('status').textContent = `Loading the model: ${bytes(loaded)}`;
    },
  });
}

async function loadOrigin(): Promise<Origin> {
  const response = await fetch(originUrl);
  return response.json();
}

function showOrigin(
  { users, interactions, recipe, producer }: ModelFacts,
  { source }: Origin,
): void {
  const viewers = plural(users, 'viewer');
  const note =
    source === 'simulated'
      ? [
          'Simulated viewers.',
          ` The films are real; a program made up the ${viewers} this model was trained on.`,
        ]
      : ['Your own data.', ` This model was trained on the ${viewers} of the file that you gave.`];
  find('origin').hidden = false;
  find('origin').append(make('strong', {}, note[0]!), note[1]!);
  const log = plural(interactions, 'interaction');
  find('facts').append(`Trained by ${producer} with the recipe “${recipe}” on ${log}.`);
}

/** The first error is the one to tell. */
function giveUp(error: unknown): void {
  if (find('cards').hidden) return;
  for (const part of ['ledger', 'taste', 'tools', 'cards']) find(part).hidden = true;
  find('cards').before(trouble(error));
}

addEventListener('unhandledrejection', (event) => giveUp(event.reason));
void start();
