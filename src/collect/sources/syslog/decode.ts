import type { Micros } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { eventOfFirewall } from '../../cisco/interpret.ts';
import { eventOfMessage } from '../../linux/messages/interpret.ts';
import type { SystemMessage } from '../../linux/messages/message.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { mapRecord } from '../../windows/map.ts';
import { readEventXml } from '../../windows/xml.ts';
import { YearlessClock } from '../../yearless-clock.ts';
import { readHead, type SyslogLine } from './line.ts';

const severities = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];
const facilities =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );

export function syslogDecoder(name: string, modified: Micros | undefined, state: string | undefined): LineDecoder {
  const clock = new YearlessClock(name, modified, state);
  return {
    state: () => clock.state,
    line(text) {
      const parts = readHead(text);
      if (parts === undefined) return 'a line has no time of syslog';
      const { time } = parts;
      return eventOf(parts, typeof time === 'number' ? time : clock.time(time.month, time.day, time.clock));
    },
  };
}

function eventOf(parts: SyslogLine, time: Micros): VakthundEvent {
  const { priority, pid, text, messageId, structured, host, program } = parts;
  const sysmon = text.startsWith('<Event>') ? readEventXml(text) : undefined;
  if (sysmon?.['EventID'] !== undefined) return mapRecord(sysmon, time);
  const isNumber = pid !== null && /^\d{1,10}$/.test(pid);
  const message: SystemMessage = {
    time,
    dataset: 'syslog',
    host,
    program,
    pid: isNumber ? Number(pid) : null,
    level: priority === null ? null : (severities[priority & 7] ?? null),
    text,
    more: {
      ...(priority === null ? {} : { facility: facilities[priority >> 3] }),
      ...(pid === null || isNumber ? {} : { process_id: pid }),
      ...(messageId === undefined ? {} : { message_id: messageId }),
      ...(structured === undefined ? {} : { structured_data: structured }),
    },
  };
  return eventOfFirewall(message) ?? eventOfMessage(message);
}
