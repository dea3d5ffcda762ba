import { basename } from 'node:path';
import { readFileSync } from 'node:fs';
import { readSigmaFile } from '../../../src/detect/rules/sigma/read/file.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { findFiles, readArchives } from './sigma-cases/archive.ts';

/** Every rule of SigmaHQ's repository and every example of the specification is read without an error. */
export const suite: Suite = {
  id: 'sigma/load',
  async run(corpus) {
    const files = await readArchives(corpus, 'host/sigma/sigmahq-rules-*.tar.gz');
    for (const path of findFiles(corpus, 'host/sigma/spec-examples/*.yml')) {
      files.set(`spec-examples/${basename(path)}`, readFileSync(path));
    }
    const failed: SuiteFailure[] = [];
    let total = 0;
    let warnings = 0;
    for (const [name, bytes] of files) {
      if (!name.endsWith('.yml')) continue;
      total++;
      const documents = readSigmaFile(bytes.toString('utf8'));
      const errors = documents.flatMap((document) => document.errors);
      warnings += documents.reduce((sum, document) => sum + document.warnings.length, 0);
      const [error] = errors;
      if (error !== undefined || documents.length === 0) {
        const got = error === undefined ? 'no document' : `${error.code} line ${error.at.line}: ${error.message}`;
        failed.push({ case: name, got, want: 'no error' });
      }
    }
    return { total, passed: total - failed.length, skipped: 0, failed, figures: { warnings } };
  },
};
