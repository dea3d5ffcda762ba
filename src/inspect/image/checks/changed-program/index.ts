import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'changed-program',
  title: 'file of a package that holds something else',
  severity: 'high',
  why: 'The package database knows the digest of each file: one that differs was changed after the package was put in, as backdoors in programs and libraries are.',
  fix: 'compare it with the file of the package, and build the image again from a known base',
  vanishes: 'the file had the digest that its package names',
  references: docs('https://attack.mitre.org/techniques/T1554/'),
  guide: ['C13', 'B09', 'B27'],
  attack: ['T1554', 'T1525'],
  *image({ at, files }) {
    for (const { path, package: owner, layer } of files?.ownership?.changed ?? []) {
      const where = layer === undefined ? '' : `, in layer ${layer}`;
      yield {
        at: { path: `${at.path}!${path}` },
        what: `holds another ${path} than the package ${owner} brought${where}`,
      };
    }
  },
});
