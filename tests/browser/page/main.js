// Hands the package to the scripts that the tests evaluate here.
import { Palate, PalateError } from '/palate/palate.js';
import { packageLists, packagePredictions } from '/lists.js';

Object.assign(globalThis, { Palate, PalateError, packageLists, packagePredictions });
