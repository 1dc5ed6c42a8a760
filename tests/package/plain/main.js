// A page that takes the package as it is.
import { Palate } from '/node_modules/palate/dist/palate.js';

globalThis.Palate = Palate;
