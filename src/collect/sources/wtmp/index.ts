import { defineSource, type Detection } from '../../source.ts';
import { decode } from './decode.ts';
import { layoutOf } from './layout.ts';

export const source = defineSource({
  id: 'wtmp',
  title: 'Log-ins of Linux (wtmp)',
  description:
    'The binary records of wtmp, btmp and utmp as glibc writes them on little-endian machines of 64 bits, and lastlog where ' +
    'it is called so: log-ins, log-outs, failed log-ins, boots and changes of the clock. A log-out has the user of the last ' +
    'log-in on its terminal.',
  references: ['https://man7.org/linux/man-pages/man5/utmp.5.html'],
  guide: ['B03'],
  emits: ['user_session', 'log'],
  isBinary: true,
  detect: (name, head): Detection => (layoutOf(name, head) === undefined ? undefined : 'certain'),
  decode,
});
