// Fatigue: what was shown and not taken sinks, and comes back with time.
import type { EventType } from './types.js';

export interface Fatigue {
  strength: number;
  /** In milliseconds. */
  halfLife: number;
}

export const defaultHalfLife = 3 * 24 * 60 * 60 * 1000;

/** How much it counts not to be taken: a choice against an item says more than no choice. */
const weights: Partial<Record<EventType, number>> = { impression: 0.1, skip: 1 };

/** Less than this changes no place in a list. */
const least = 0.001;

/**
 * Impression discounting (Lee, Lakshmanan, Tiwari, Shah 2014): each further impression takes the same
 * share of what is left of an item, and its memory fades. With w and a the weight and the age of
 * what was shown since the visitor last took the item,
 *
 *     exposure = sum of w 2^(-a / halfLife),  handicap = strength (1 - 2^(-exposure)).
 */
export class Exposures {
  #shown = new Map<number, { weight: number; time: number }[]>();

  clear(): void {
    this.#shown.clear();
  }

  /** An event of any type, oldest first. */
  add(row: number, type: EventType, time: number): void {
    const weight = weights[type];
    // Any other is of a visitor who took the item, or does not want it in any list.
    if (weight === undefined) return void this.#shown.delete(row);
    const shown = this.#shown.get(row) ?? [];
    shown.push({ weight, time });
    this.#shown.set(row, shown);
  }

  handicaps({ strength, halfLife }: Fatigue, now = Date.now()): [row: number, amount: number][] {
    return [...this.#shown]
      .map(([row, shown]): [number, number] => {
        const exposure = shown.reduce(
          (sum, { weight, time }) => sum + weight * 2 ** (-Math.max(0, now - time) / halfLife),
          0,
        );
        return [row, strength * (1 - 2 ** -exposure)];
      })
      .filter(([, amount]) => amount >= least);
  }
}
