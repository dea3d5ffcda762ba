import type { Enricher } from '../../src/collect/enricher.ts';
import type { Sensor } from '../../src/collect/sensor.ts';
import type { Source } from '../../src/collect/source.ts';
import type { Analytic } from '../../src/detect/analytic.ts';
import { checkNames, type SignatureScheme } from '../../src/inspect/image/signature-scheme.ts';
import type { Check } from '../../src/inspect/image/check.ts';
import type { RuleLanguage } from '../../src/detect/rules/rule-language.ts';
import type { AdvisoryFormat } from '../../src/inspect/packages/advisories/format.ts';
import type { Cataloger } from '../../src/inspect/packages/cataloger.ts';
import type { VersionOrder } from '../../src/inspect/packages/version-order.ts';
import type { IndicatorFormat } from '../../src/match/indicators/format.ts';
import type { PersistenceTechnique } from '../../src/inspect/host/technique.ts';
import type { HostTable } from '../../src/inspect/host/table.ts';
import type { Output } from '../../src/outputs/output.ts';
import { codes, labelled, referencePage, references, type GeneratedFile } from './page.ts';
import { pluginsOf, type Definition } from './registries.ts';
import { settingsTable } from './settings.ts';

export async function pluginPages(): Promise<GeneratedFile[]> {
  return [
    ...(await collectPages()),
    ...(await detectPages()),
    ...(await imagePages()),
    ...(await hostPages()),
    ...(await otherPages()),
  ];
}

async function collectPages(): Promise<GeneratedFile[]> {
  return [
    referencePage('sources', 'Sources', [
      'Formats that are read. Which one a file has is told from its name and its first bytes; `.gz`, `.zst`, `.tar` and `.zip` are opened before.',
      ...(await pluginsOf<Source>('source')).flatMap(sourceBlocks),
    ]),
    referencePage('sensors', 'Sensors', [
      'Live capture on this machine, for `vakthund watch`. Each writes records down in the form that a source reads; none changes the machine.',
      ...(await pluginsOf<Sensor>('sensor')).flatMap((sensor) => [
        ...headBlocks(sensor),
        labelled('Needs', sensor.needs),
        labelled('Read by', codes([sensor.source])),
        labelled('Serves', sensor.guide.join(', ')),
        references(sensor.references),
      ]),
    ]),
    referencePage('enrichers', 'Enrichers', [
      'Who, where, how rare: each fills [derived tables](tables.md) from the stored events after evidence came in.',
      ...(await pluginsOf<Enricher>('enricher')).flatMap(enricherBlocks),
    ]),
  ];
}

async function detectPages(): Promise<GeneratedFile[]> {
  return [
    referencePage('analytics', 'Analytics', [
      'Detectors of behaviour over everything that is stored. A finding says which parts gave its score, and what would have to be different for it to vanish.',
      ...(await pluginsOf<Analytic>('analytic')).flatMap(analyticBlocks),
    ]),
    referencePage('indicator-formats', 'Indicator formats', [
      'Ways to write lists of known bad addresses, names, hashes and fingerprints down that are understood.',
      ...(await pluginsOf<IndicatorFormat>('indicator-format')).flatMap((format) => [
        ...headBlocks(format),
        references(format.references),
      ]),
    ]),
    referencePage('rule-languages', 'Rule languages', [
      'Languages of detection rules that are understood: checked, listed, run on events as they occur, and run back over everything that is stored.',
      ...(await pluginsOf<RuleLanguage>('rule-language')).flatMap((language) => [
        ...headBlocks(language),
        labelled('Detector ids', codes([`rules/${language.id}/…`])),
        labelled('Serves', language.guide.join(', ')),
        references(language.references),
      ]),
    ]),
  ];
}

async function imagePages(): Promise<GeneratedFile[]> {
  return [
    referencePage('advisory-formats', 'Advisory formats', [
      'What `image scan --advisories` and `feeds update --from` read: advisories, known exploitation, predictions, end-of-life dates. Which one a file has is told from its name and its first bytes; folders, `.gz`, `.zst`, `.tar` and `.zip` are opened before, and `.xz` where the system has that program.',
      ...(await pluginsOf<AdvisoryFormat>('advisory-format')).flatMap((format) => [
        ...headBlocks(format),
        references(format.references),
      ]),
    ]),
    referencePage('version-orders', 'Version orders', [
      'How versions are ordered, for each ecosystem by its own rules: what decides whether an installed version is affected.',
      ...(await pluginsOf<VersionOrder>('version-order')).flatMap((order) => [
        ...headBlocks(order),
        labelled('Ecosystems', order.ecosystems.join(', ')),
        references(order.references),
      ]),
    ]),
    referencePage('catalogers', 'Catalogers', [
      'What packages are read from, in an image, in a mounted root and on this machine. Distribution packages carry the source package that advisories name; lock files of an application name what it wants.',
      ...(await pluginsOf<Cataloger>('cataloger')).flatMap((cataloger) => [
        ...headBlocks(cataloger),
        labelled('Serves', cataloger.guide.join(', ')),
        references(cataloger.references),
      ]),
    ]),
    referencePage('checks', 'Checks', [
      'What `vakthund image check` looks for. Each says why it matters and how to mend it; `CIS Docker 1.6` numbers are those of 1.7 and 1.8 too, unless another stands beside.',
      ...(await pluginsOf<Check>('check')).flatMap(checkBlocks),
    ]),
    referencePage('signature-schemes', 'Signature schemes', [
      'Ways to sign images that `image verify` understands. Nothing is trusted by default, and nothing is fetched.',
      ...(await pluginsOf<SignatureScheme>('signature-scheme')).flatMap((scheme) => [
        ...headBlocks(scheme),
        labelled('Trusts what is given with', scheme.trustedBy),
        labelled('Serves', scheme.guide.join(', ')),
        references(scheme.references),
      ]),
      '## What is checked',
      Object.entries(checkNames)
        .map(([name, text]) => `- \`${name}\`: ${text}`)
        .join('\n'),
    ]),
  ];
}

async function hostPages(): Promise<GeneratedFile[]> {
  return [
    referencePage('persistence', 'Persistence', [
      'What `vakthund host inspect` looks for on a machine, in a root or in an image. Each finding says what speaks for it: who owns the file, what it runs, where that stands, who else may change it.',
      ...(await pluginsOf<PersistenceTechnique>('persistence')).flatMap(techniqueBlocks),
    ]),
    referencePage('host-tables', 'Host tables', [
      "Tables of `vakthund host query`: osquery's, by name and columns. Columns in parentheses are hidden: `SELECT *` does not show them.",
      ...(await pluginsOf<HostTable>('host-table')).flatMap(hostTableBlocks),
    ]),
  ];
}

async function otherPages(): Promise<GeneratedFile[]> {
  return [
    referencePage('outputs', 'Outputs', [
      'What a verdict can be written as.',
      ...(await pluginsOf<Output>('output')).flatMap((output) => [
        ...headBlocks(output),
        labelled('Media type', codes([output.mediaType])),
        references(output.references),
      ]),
    ]),
  ];
}

function techniqueBlocks(technique: PersistenceTechnique): string[] {
  return [
    ...headBlocks(technique),
    labelled('Detector id', codes([`persistence/${technique.id}`])),
    labelled('Looks at', codes(technique.places)),
    labelled('ATT&CK', technique.attack.join(', ')),
    labelled('Serves', technique.guide.join(', ')),
    labelled('Needs', technique.needs === 'live' ? 'a running host' : ''),
    references(technique.references),
  ];
}

function hostTableBlocks(table: HostTable): string[] {
  const needs = table.needs === 'live' ? 'this machine, running' : 'this machine or any root';
  const visible = Object.entries(table.columns).map(([name, type]) => `\`${name}\` ${type}`);
  const hidden = Object.entries(table.hidden ?? {}).map(([name, type]) => `(\`${name}\` ${type})`);
  const required = table.required === undefined ? '' : table.required.map((name) => `\`${name}\``).join(' or ');
  return [
    ...headBlocks(table),
    labelled('Of', needs),
    labelled('A query must fix', required),
    labelled('Columns', [...visible, ...hidden].join(', ')),
  ];
}

function headBlocks(plugin: Definition): string[] {
  return [`## ${plugin.title ?? plugin.id} (\`${plugin.id}\`)`, plugin.description ?? plugin.summary ?? ''];
}

function checkBlocks(check: Check): string[] {
  const subjects = {
    workload: 'containers',
    pod: 'pods',
    object: 'objects of a cluster',
    build: 'Dockerfiles',
    image: 'images',
    file: 'files',
    engine: 'the engine',
    host: 'the host',
  };
  const asked = Object.entries(subjects).filter(([method]) => method in check);
  return [
    ...headBlocks({ ...check, description: check.why }),
    labelled('Fix', check.fix),
    labelled('Detector id', codes([`checks/${check.id}`])),
    labelled('Severity', check.severity),
    labelled('Looks at', asked.map(([, name]) => name).join(', ')),
    labelled(
      'Recommended by',
      check.references.map(({ of, id }) => (of === 'docs' || of === 'CWE' ? id : `${of} ${id}`)).join(', '),
    ),
    labelled('ATT&CK', check.attack.join(', ')),
    labelled('Serves', check.guide.join(', ')),
  ];
}

function sourceBlocks(source: Source): string[] {
  return [
    ...headBlocks(source),
    labelled('Gives', codes(source.emits)),
    labelled('Serves', source.guide.join(', ')),
    references(source.references),
  ];
}

function analyticBlocks(analytic: Analytic): string[] {
  return [
    ...headBlocks(analytic),
    labelled('Detector id', codes([`analytics/${analytic.id}`])),
    labelled('Reads', codes(analytic.reads)),
    labelled('While watching', analytic.apart === undefined ? 'when everything is judged' : 'as soon as rows are new'),
    labelled('ATT&CK', analytic.attack.join(', ')),
    labelled('Serves', analytic.guide.join(', ')),
    settingsTable(analytic.settings),
    references(analytic.references),
  ];
}

function enricherBlocks(enricher: Enricher): string[] {
  return [
    ...headBlocks(enricher),
    labelled('Reads', codes(enricher.reads)),
    labelled('Fills', codes(enricher.fills)),
    labelled('Needs', codes(enricher.needs)),
  ];
}
