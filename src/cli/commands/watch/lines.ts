import colors from 'picocolors';
import { formatLocation } from '../../../base/errors.ts';
import { formatIso, type Micros } from '../../../base/time.ts';
import type { Notice } from '../../../case/watch/notice.ts';
import type { Severity } from '../../../events/finding.ts';
import { paintSeverity } from '../../../outputs/paint-severity.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { Terminal } from '../../terminal.ts';

/** A notice as one line: for people, or with `--json` as an object. */
export function lineOf(notice: Notice, terminal: Pick<Terminal, 'json' | 'color' | 'width'>): string {
  if (terminal.json) return visibleJson(JSON.stringify(notice));
  const paint = colors.createColors(terminal.color);
  const text = textOf(notice);
  const mark = text.severity === undefined ? paint.dim(text.mark) : paintSeverity(paint, text.severity, text.mark);
  return `${paint.dim(timeText(text.time))} ${mark} ${text.rest}`;
}

interface Text {
  readonly time: Micros | undefined;
  readonly mark: string;
  readonly severity?: Severity;
  readonly rest: string;
}

const maxWhat = 160;

function textOf(notice: Notice): Text {
  switch (notice.type) {
    case 'alert': {
      const where = [
        notice.host,
        notice.container === undefined ? undefined : `in ${notice.container}`,
        notice.image === undefined ? undefined : `of ${notice.image}`,
      ]
        .filter((part) => part !== undefined)
        .map((part) => visibleText(part, 80))
        .join(' ');
      const place = `${notice.evidence.path.split('/').at(-1) ?? ''}:${notice.evidence.at}`;
      const rest = [where, visibleText(notice.title), visibleText(notice.what, maxWhat), `[${visibleText(place, 60)}]`];
      return { ...marked(notice.severity), time: notice.time, rest: rest.filter(Boolean).join('  ') };
    }
    case 'repeats': {
      const host = notice.host === undefined ? '' : `${visibleText(notice.host, 80)}  `;
      return {
        ...marked(notice.severity),
        time: notice.last,
        rest: `${host}${visibleText(notice.title)}  ${notice.count} more of these`,
      };
    }
    case 'incident': {
      const { incident, change } = notice;
      const rest = `incident ${change}, risk ${incident.risk}: ${visibleText(incident.title)}${change === 'over' ? '' : '  (vakthund report)'}`;
      return { ...marked(incident.severity), time: incident.last_seen, rest };
    }
    case 'problem': {
      const { code, at, message } = notice.problem;
      return { time: undefined, mark: 'problem ', rest: visibleText(`${code} ${formatLocation(at)} ${message}`) };
    }
    case 'sensor':
      return {
        time: undefined,
        mark: 'sensor  ',
        rest: visibleText(`${notice.sensor} ${notice.state}${lostCount(notice.count)}: ${notice.message}`),
      };
    case 'rules':
      return { time: undefined, mark: 'rules   ', rest: visibleText(notice.message) };
    case 'forgotten': {
      const why = notice.because === 'age' ? 'older than they are kept' : 'beyond the disk they may take';
      const span = `from ${formatIso(notice.first).slice(0, 19)} to ${formatIso(notice.last).slice(0, 19)}`;
      const rest = `${notice.count} events ${span}, ${why}: ${notice.kinds.join(', ')}`;
      return { time: undefined, mark: 'forgot  ', rest };
    }
    case 'status': {
      const { status } = notice;
      const lost = status.lost > 0 ? `, ${status.lost} records lost` : '';
      const rest = `${status.events} events, ${status.alerts} alerts, ${status.incidents} incidents${lost}; judged in ${(status.judgedInMs / 1000).toFixed(1)} s`;
      return { time: status.now, mark: 'status  ', rest };
    }
  }
}

function marked(severity: NonNullable<Text['severity']>): Pick<Text, 'mark' | 'severity'> {
  return { severity, mark: severity.padEnd(8) };
}

/** `18:22:01`, UTC; blanks where there is none. */
function timeText(time: Micros | undefined): string {
  return time === undefined ? '        ' : formatIso(time).slice(11, 19);
}

/** One is said by the message: often nobody knows how many they were. */
function lostCount(count: number | undefined): string {
  return count === undefined || count < 2 ? '' : ` ${count}`;
}
