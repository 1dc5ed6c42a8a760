// The bill of materials of the npm package, as CycloneDX: what its wasm and scripts are made of. The
// versions are those that tools/setup pins.
//
//   node tools/release/bill.mjs PACKAGE.tgz
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (path) =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const { name, version, license } = JSON.parse(read('js/package.json'));

/** What a script of the set-up says between two texts, for its pinned version. */
function pinned(script, pattern) {
  const found = pattern.exec(read(`tools/setup/${script}`));
  if (found === null) throw new Error(`tools/setup/${script} pins no ${pattern}`);
  return found[1];
}

const emscripten = pinned('emscripten.sh', /Emscripten (\d[\d.]*\d)/);

/** Each has its section in THIRD_PARTY.md. What comes with Emscripten is of its version. */
export const parts = [
  ['XNNPACK', pinned('tarballs.sh', /xnnpack_(\S+)\.orig/), 'BSD-3-Clause'],
  ['FlatBuffers', pinned('flatbuffers.sh', /FlatBuffers (\d[\d.]*\d)/), 'Apache-2.0'],
  ['Emscripten', emscripten, 'MIT'],
  ['musl', emscripten, 'MIT'],
  ['libc++', emscripten, 'Apache-2.0 WITH LLVM-exception'],
  ['libc++abi', emscripten, 'Apache-2.0 WITH LLVM-exception'],
  ['compiler-rt', emscripten, 'Apache-2.0 WITH LLVM-exception'],
];

export function billOf(tarball) {
  const component = (type, [name, version, expression]) => ({
    type,
    'bom-ref': `${name}@${version}`,
    name,
    version,
    licenses: [{ expression }],
  });
  const subject = component('library', [name, version, license]);
  const content = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        ...subject,
        purl: `pkg:npm/${name}@${version}`,
        hashes: [{ alg: 'SHA-256', content }],
      },
    },
    components: parts.map((part) => component('library', part)),
    dependencies: [
      { ref: subject['bom-ref'], dependsOn: parts.map(([name, version]) => `${name}@${version}`) },
    ],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(billOf(process.argv[2]), undefined, 2));
}
