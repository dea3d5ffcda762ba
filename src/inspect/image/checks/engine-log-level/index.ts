import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-log-level',
  title: 'engine that tells too little or too much',
  severity: 'info',
  why: 'Below `info` the calls to the API are missing afterwards; `debug` drowns them and writes secrets out.',
  fix: 'set `"log-level": "info"`',
  vanishes: 'the level were info',
  references: cis('2.3'),
  guide: ['C14'],
  attack: [],
  *engine({ logLevel }) {
    if (logLevel !== undefined && logLevel.value !== 'info') {
      yield { at: logLevel.at, what: `logs at the level ${logLevel.value}` };
    }
  },
});
