import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NameReader } from '../../named-packages.ts';
import { yamlTexts } from '../../yaml-texts.ts';

/** `PODS`: `Name (version)`, with what it needs below it; `Name/Part` is a part of a pod. */
const readPodfileLock: NameReader = function* readPodfileLock(text) {
  for (const pod of asList(asObject(yamlTexts(text))['PODS'])) {
    const full = asText(pod) ?? Object.keys(asObject(pod))[0] ?? '';
    const { name, version } = /^(?<name>\S+) \((?<version>[^\s()]+)\)$/.exec(full)?.groups ?? {};
    if (name !== undefined && version !== undefined) yield { name, version };
  }
};

const { readerOf, wants } = readerByName({ 'Podfile.lock': readPodfileLock });

export const cataloger = defineCataloger({
  id: 'cocoapods',
  title: 'CocoaPods',
  description: '`Podfile.lock`: pods and the parts of them that are used.',
  references: ['https://guides.cocoapods.org/using/using-cocoapods.html'],
  guide: ['C25'],
  wants,
  catalog: (entries, { tree }) => catalogNames({ id: 'cocoapods', type: 'cocoapods', entries, tree, readerOf }),
});
