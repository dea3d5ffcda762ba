import type { Micros } from '../../../src/base/time.ts';
import type { FalcoField } from '../model/host.ts';
import type { Scene } from '../model/scene.ts';
import { falcoRules, type FalcoRuleName } from '../world/falco-rules.ts';
import { unset, userName, type Process } from './process.ts';

export interface AlertFacts {
  readonly process: Process;
  readonly eventType: string;
  readonly command: string;
  readonly parentName: string;
  /** `proc.tty`: 0 without a terminal, 34816 for the first pseudo terminal. */
  readonly terminal?: number;
  /** Fields that this rule has before the common ones. */
  readonly before?: readonly FalcoField[];
  readonly executableFlags?: string;
  readonly container: boolean;
}

/** Falco's alert for what a process did, with the fields in the order of the rule's output. */
export function falcoAlert(scene: Scene, time: Micros, rule: FalcoRuleName, facts: AlertFacts): void {
  const { process } = facts;
  const definition = falcoRules[rule];
  const flags: FalcoField[] =
    facts.executableFlags === undefined ? [] : [['exe_flags', 'evt.arg.flags', facts.executableFlags]];
  scene.evidence.falco.push({
    time,
    rule,
    priority: definition.priority,
    tags: definition.tags,
    message: definition.message,
    fields: [
      ...(facts.before ?? []),
      ['evt_type', 'evt.type', facts.eventType],
      ['user', 'user.name', userName(process.uid)],
      ['user_uid', 'user.uid', process.uid],
      ['user_loginuid', 'user.loginuid', process.loginUid === unset ? -1 : process.loginUid],
      ['process', 'proc.name', process.comm],
      ['proc_exepath', 'proc.exepath', process.executable],
      ['parent', 'proc.pname', facts.parentName],
      ['command', 'proc.cmdline', facts.command],
      ['terminal', 'proc.tty', facts.terminal ?? 0],
      ...flags,
    ],
    container: facts.container,
    step: scene.step,
  });
}
