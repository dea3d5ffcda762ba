import { nameOf } from '../../../tree/tree.ts';
import { readText } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

const folder = '/sys/class/net';
/** IFF_PROMISC of `if.h`. */
const promiscuousFlag = 0x100;

export const technique = defineTechnique({
  id: 'promiscuous',
  title: 'Interfaces that take all packets',
  description:
    'Network interfaces in promiscuous mode that are no port of a bridge: somebody listens to traffic of others.',
  places: ['/sys/class/net/*/flags'],
  attack: ['T1040'],
  guide: ['B03'],
  references: ['https://attack.mitre.org/techniques/T1040/'],
  needs: 'live',
  *find({ tree, live }) {
    if (live?.isWholeHost !== true) return;
    for (const { path } of tree.list(folder)) {
      const flags = Number(readText(tree, `${path}/flags`).trim());
      const isPort = tree.lstat(`${path}/master`) !== undefined || tree.lstat(`${path}/brport`) !== undefined;
      if ((flags & promiscuousFlag) === 0 || isPort) continue;
      yield {
        path,
        title: 'interface',
        unowned: 0,
        isJudgedAnyway: true,
        signs: [{ what: 'takes all packets', value: nameOf(path), weight: 0.35 }],
      };
    }
  },
});
