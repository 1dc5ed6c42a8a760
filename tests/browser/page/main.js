// Hands the package to the scripts that the tests evaluate here.
import { Palate, PalateError } from '/palate/palate.js';
import { listsOf, packageLists, packagePredictions } from '/lists.js';

Object.assign(globalThis, { Palate, PalateError, listsOf, packageLists, packagePredictions });
