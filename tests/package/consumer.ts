// What a page in TypeScript writes; it has to compile against the package's declarations.
import {
  type Explanation,
  type LoadOptions,
  Palate,
  PalateError,
  type Recommendation,
} from 'palate';

export async function best(source: URL, options: LoadOptions): Promise<Recommendation[]> {
  const palate = await Palate.load(source, {
    ...options,
    worker: true,
    onProgress: ({ loaded }) => loaded,
  });
  try {
    await palate.record({ item: 318, type: 'rate', value: 4.5, time: new Date() });
    const why: Explanation = await palate.explain('318');
    return why.contributions.length > 0 ? await palate.recommend({ count: 5 }) : [];
  } catch (error) {
    if (error instanceof PalateError && error.code === 'request/invalid') return [];
    throw error;
  } finally {
    palate.dispose();
  }
}
