// A page that leaves it to the bundler to find the package.
import { Palate } from 'palate';

globalThis.Palate = Palate;
