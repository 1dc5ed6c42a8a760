// Draws a poster for a film that has none: the genre gives the colour, the title the drawing.
import type { Film } from './films.ts';

const hues: Record<string, number> = {
  action: 42,
  adventure: 142,
  animation: 190,
  'black comedy': 305,
  children: 115,
  comedy: 175,
  'concert/performance': 95,
  crime: 30,
  documentary: 205,
  drama: 275,
  fantasy: 315,
  'film-noir': 255,
  horror: 20,
  musical: 330,
  mystery: 295,
  romance: 5,
  'romantic comedy': 358,
  'sci-fi': 220,
  thriller: 240,
  'thriller/suspense': 240,
  war: 105,
  western: 65,
};

/** The genre's angle on the colour wheel; the same name has the same hue on every page. */
export const hueOf = (genre: string): number =>
  hues[genre.toLowerCase()] ?? Math.floor(random(genre)() * 360);

/** Sets the colours that the style sheets paint a film with: shades of its genre; a second genre colours the drawing. */
export function tint(element: HTMLElement, film: Film): void {
  const [first, second] = film.genres;
  const roll = random(film.title);
  const hue = first === undefined ? 0 : hueOf(first) + (roll() - 0.5) * 16;
  const accent = second === undefined ? hue + (roll() - 0.5) * 80 : hueOf(second);
  element.classList.toggle('untinted', first === undefined);
  element.style.setProperty('--hue', hue.toFixed(1));
  element.style.setProperty('--hue-two', accent.toFixed(1));
  element.style.setProperty('--depth', (0.32 + roll() * 0.1).toFixed(3));
}

/** A drawing of 120 by 160 units; decoration only. */
export function drawing(film: Film): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 120 160');
  svg.setAttribute('preserveAspectRatio', 'xMidYMid slice');
  svg.setAttribute('aria-hidden', 'true');
  const roll = random(`${film.title} ${film.year}`);
  const draw = motifs[Math.floor(roll() * motifs.length)]!;
  for (const outline of draw((low, high) => low + roll() * (high - low))) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', outline);
    svg.append(path);
  }
  return svg;
}

type Between = (low: number, high: number) => number;

const circle = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

const motifs: ((between: Between) => string[])[] = [
  // two discs that meet
  (between) => {
    const x = between(30, 55);
    const y = between(35, 60);
    return [
      circle(x, y, between(24, 38)),
      circle(x + between(20, 36), y + between(8, 30), between(18, 34)),
    ];
  },
  // rings around a corner
  (between) => {
    const x = between(0, 1) < 0.5 ? 0 : 120;
    const step = between(11, 16);
    return [5, 3, 1].map((ring) => circle(x, 0, step * (ring + 1)) + circle(x, 0, step * ring));
  },
  // blades
  (between) => {
    const lean = between(-40, 60);
    return [0, 1, 2].map((blade) => {
      const x = between(0, 20) + blade * 38;
      return `M${x} -5h${between(8, 22)}L${x + lean} 165h-4z`;
    });
  },
  // peaks
  (between) =>
    [0, 1].map((peak) => {
      const x = between(15, 60) + peak * 45;
      return `M${x} ${between(20, 60)}L${x + between(60, 90)} 165H${x - between(60, 90)}z`;
    }),
  // a low sun over plains
  (between) => {
    const y = between(62, 88);
    return [circle(between(35, 85), y - between(2, 18), between(22, 34)), `M0 ${y}H120V165H0z`];
  },
  // bars of a score
  (between) => [0, 1, 2, 3, 4, 5].map((bar) => `M${8 + bar * 19} -5h9V${between(30, 120)}h-9z`),
  // half moons, stacked
  (between) => {
    const r = between(22, 30);
    const x = between(40, 80);
    return [0, 1, 2].map((moon) => `M${x - r} ${24 + moon * (r + 4)}a${r} ${r} 0 0 0 ${2 * r} 0z`);
  },
  // a window and its light
  (between) => {
    const x = between(14, 50);
    const y = between(14, 34);
    const size = between(34, 52);
    return [
      `M${x} ${y}h${size}v${size}h${-size}z`,
      `M${x} ${y + size}h${size}l${between(15, 50)} 90h${-size}z`,
    ];
  },
];

/** Numbers in [0, 1) that depend on the text alone (FNV-1a, then xorshift). */
function random(text: string): () => number {
  let state = 2166136261;
  for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0)!, 16777619);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
