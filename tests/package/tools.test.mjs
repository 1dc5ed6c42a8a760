// What other tools say of the package: nothing, if all is well.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { Project } from './project.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

let project;
before(() => (project = new Project()));
after(() => project?.remove());

function run(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

test('publint has nothing to say', async () => {
  const { messages } = await publint({
    pkgDir: project.path('node_modules/palate'),
    pack: false,
    strict: true,
  });
  assert.deepEqual(messages, []);
});

test('Are the types wrong? No, for an ESM-only package', () => {
  const command = here('../node_modules/@arethetypeswrong/cli/dist/index.js');
  const { status, output } = run(
    project.folder,
    command,
    project.tarball,
    ...['--profile', 'esm-only', '--no-emoji', '--no-color'],
  );
  assert.equal(status, 0, output);
});

test('TypeDoc describes every option without a warning', () => {
  const command = here('../../js/node_modules/typedoc/bin/typedoc');
  const reference = project.path('reference');
  const { status, output } = run(here('../../js'), command, '--out', reference);
  assert.equal(status, 0, output);
  assert.doesNotMatch(output, /\[warning\]/);
  for (const name of ['palate', 'react', 'element', 'node', 'inline', 'worker'])
    assert.ok(readdirSync(`${reference}/modules`).includes(`${name}.html`), name);
});
