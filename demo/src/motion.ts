// Lets things glide from where they were to where they are (FLIP: first, last, invert, play).

const easing = 'cubic-bezier(.2, .8, .2, 1)';
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** Where a thing stood: its key is `data-key`, and one that was not there may come from `data-from`. */
type Places = Map<string, DOMRect>;

/** Changes the page, then plays the way from the old places of `things()` to the new ones. */
export function glide(things: () => Iterable<HTMLElement>, change: () => void): void {
  if (calm.matches) return change();
  const before: Places = new Map();
  for (const thing of things()) before.set(thing.dataset.key!, thing.getBoundingClientRect());
  change();
  const moves = [...things()].map((thing) => {
    for (const animation of thing.getAnimations()) animation.cancel();
    return { thing, to: thing.getBoundingClientRect() };
  });
  for (const { thing, to } of moves) {
    const { key, from } = thing.dataset;
    play(thing, before.get(key!) ?? before.get(from ?? ''), to);
  }
}

function play(thing: HTMLElement, from: DOMRect | undefined, to: DOMRect): void {
  if (!visible(to) && !(from && visible(from))) return;
  if (!from) {
    thing.animate({ opacity: [0, 1], scale: [0.92, 1] }, { duration: 320, easing });
    return;
  }
  const x = from.x - to.x;
  const y = from.y - to.y;
  if (x === 0 && y === 0) return;
  const grown = from.width > 2 * to.width || from.height > 2 * to.height;
  const opacity = grown ? [0, 1] : [1, 1];
  thing.animate({ translate: [`${x}px ${y}px`, '0px 0px'], opacity }, { duration: 520, easing });
}

const visible = (place: DOMRect): boolean => place.bottom > 0 && place.top < innerHeight;
