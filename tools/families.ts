/** Every plug-in family: where its plug-ins stand, and what its registry is called. One row is all that a family needs. */
export interface Family {
  /** Name on the command line of `npm run new -- FAMILY ID`. */
  readonly id: string;
  readonly folder: string;
  /** `folder`: each plug-in is `ID/index.ts`. `file`: each is `ID.ts`. */
  readonly shape: 'folder' | 'file';
  /** Name that each plug-in exports. */
  readonly exportName: string;
  readonly constName: string;
  readonly typeName: string;
  /** Type that each entry must satisfy, and the file that declares it, seen from the family's folder. */
  readonly contract: string;
  readonly contractFile: string;
  /** Folders and files below the family's folder, inside of plug-ins, that all of `src` may use: pure readers and writers of formats. */
  readonly open?: readonly string[];
  /** Ids have `_` where file names have `-` (event kinds are table names). */
  readonly snakeIds?: true;
}

export const families: readonly Family[] = [
  {
    id: 'kind',
    folder: 'src/events/kinds',
    shape: 'file',
    exportName: 'kind',
    constName: 'kinds',
    typeName: 'KindId',
    contract: 'KindSpec',
    contractFile: '../kind.ts',
    snakeIds: true,
  },
  {
    id: 'source',
    folder: 'src/collect/sources',
    shape: 'folder',
    exportName: 'source',
    constName: 'sources',
    typeName: 'SourceId',
    contract: 'Source',
    contractFile: '../source.ts',
    open: ['pcap/tls/', 'pcap/wire/', 'pcap/layers/checksum.ts', 'pcap/files/pcap-writer.ts', 'pcap/files/frame.ts'],
  },
  {
    id: 'sensor',
    folder: 'src/collect/sensors',
    shape: 'folder',
    exportName: 'sensor',
    constName: 'sensors',
    typeName: 'SensorId',
    contract: 'Sensor',
    contractFile: '../sensor.ts',
  },
  {
    id: 'pcap-protocol',
    folder: 'src/collect/sources/pcap/protocols',
    shape: 'folder',
    exportName: 'analyzer',
    constName: 'protocols',
    typeName: 'ProtocolId',
    contract: 'ProtocolAnalyzer',
    contractFile: '../analyzer.ts',
  },
  {
    id: 'enricher',
    folder: 'src/collect/enrich',
    shape: 'folder',
    exportName: 'enricher',
    constName: 'enrichers',
    typeName: 'EnricherId',
    contract: 'Enricher',
    contractFile: '../enricher.ts',
  },
  {
    id: 'indicator-format',
    folder: 'src/match/indicators/formats',
    shape: 'folder',
    exportName: 'format',
    constName: 'formats',
    typeName: 'FormatId',
    contract: 'IndicatorFormat',
    contractFile: '../format.ts',
  },
  {
    id: 'analytic',
    folder: 'src/detect/analytics',
    shape: 'folder',
    exportName: 'analytic',
    constName: 'analytics',
    typeName: 'AnalyticId',
    contract: 'Analytic',
    contractFile: '../analytic.ts',
  },
  {
    id: 'rule-language',
    folder: 'src/detect/rules',
    shape: 'folder',
    exportName: 'language',
    constName: 'languages',
    typeName: 'LanguageId',
    contract: 'RuleLanguage',
    contractFile: './rule-language.ts',
  },
  {
    id: 'cataloger',
    folder: 'src/inspect/packages/catalogers',
    shape: 'folder',
    exportName: 'cataloger',
    constName: 'catalogers',
    typeName: 'CatalogerId',
    contract: 'Cataloger',
    contractFile: '../cataloger.ts',
  },
  {
    id: 'version-order',
    folder: 'src/inspect/packages/versions',
    shape: 'folder',
    exportName: 'order',
    constName: 'versionOrders',
    typeName: 'VersionOrderId',
    contract: 'VersionOrder',
    contractFile: '../version-order.ts',
  },
  {
    id: 'advisory-format',
    folder: 'src/inspect/packages/advisories/formats',
    shape: 'folder',
    exportName: 'format',
    constName: 'advisoryFormats',
    typeName: 'AdvisoryFormatId',
    contract: 'AdvisoryFormat',
    contractFile: '../format.ts',
  },
  {
    id: 'signature-scheme',
    folder: 'src/inspect/image/signatures',
    shape: 'folder',
    exportName: 'scheme',
    constName: 'signatureSchemes',
    typeName: 'SignatureSchemeId',
    contract: 'SignatureScheme',
    contractFile: '../signature-scheme.ts',
  },
  {
    id: 'check',
    folder: 'src/inspect/image/checks',
    shape: 'folder',
    exportName: 'check',
    constName: 'checks',
    typeName: 'CheckId',
    contract: 'Check',
    contractFile: '../check.ts',
  },
  {
    id: 'persistence',
    folder: 'src/inspect/host/persistence',
    shape: 'folder',
    exportName: 'technique',
    constName: 'persistence',
    typeName: 'PersistenceId',
    contract: 'PersistenceTechnique',
    contractFile: '../technique.ts',
  },
  {
    id: 'host-table',
    folder: 'src/inspect/host/tables',
    shape: 'file',
    exportName: 'table',
    constName: 'hostTables',
    typeName: 'HostTableId',
    contract: 'HostTable',
    contractFile: '../table.ts',
    snakeIds: true,
  },
  {
    id: 'output',
    folder: 'src/outputs/formats',
    shape: 'folder',
    exportName: 'output',
    constName: 'outputs',
    typeName: 'OutputId',
    contract: 'Output',
    contractFile: '../output.ts',
  },
  {
    id: 'command',
    folder: 'src/cli/commands',
    shape: 'folder',
    exportName: 'command',
    constName: 'commands',
    typeName: 'CommandId',
    contract: 'Command',
    contractFile: '../command.ts',
  },
];

/** Plug-in ids of a family from its folder's entries: `_shared` folders, tests and generated files are none. */
export function idsFrom(
  family: Family,
  names: readonly { readonly name: string; readonly isDirectory: boolean }[],
): string[] {
  const ids = names
    .filter((entry) => (family.shape === 'folder' ? entry.isDirectory : !entry.isDirectory))
    .map((entry) => entry.name)
    .filter((name) => !name.startsWith('_'))
    .filter((name) => family.shape === 'folder' || /^[a-z0-9-]+\.ts$/.test(name))
    .map((name) => (family.shape === 'file' ? name.slice(0, -3) : name));
  return ids.sort();
}

export function idOf(family: Family, name: string): string {
  return family.snakeIds === true ? name.replaceAll('-', '_') : name;
}

export function identifierOf(name: string): string {
  return name.replace(/-(?<letter>[a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

export function registryText(family: Family, names: readonly string[]): string {
  const ident = (name: string): string => `${identifierOf(name)}Entry`;
  const file = (name: string): string => (family.shape === 'file' ? `./${name}.ts` : `./${name}/index.ts`);
  return [
    '// Written by `npm run gen` from what stands beside this file. Do not edit.',
    ...names.map((name) => `import { ${family.exportName} as ${ident(name)} } from '${file(name)}';`),
    `import type { ${family.contract} } from '${family.contractFile}';`,
    '',
    `export const ${family.constName} = {`,
    ...names.map((name) => `  '${idOf(family, name)}': ${ident(name)},`),
    '} as const;',
    `export type ${family.typeName} = keyof typeof ${family.constName};`,
    '',
    '// Each name is the id, and each entry fits the contract of its family.',
    `${family.constName} satisfies { readonly [Id in ${family.typeName}]: ${family.contract}<Id> };`,
    '',
  ].join('\n');
}
