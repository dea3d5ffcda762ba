import { describe, expect, it } from 'vitest';
import { Fields } from '../records/fields.ts';
import { readRecord } from '../records/record.ts';
import { errorName, signalName } from '../../../linux/names.ts';
import { capabilityNames, flagsIn } from '../../../linux/constants.ts';
import { interpretField } from './field.ts';
import { openFlagNames } from '../../../linux/flags.ts';
import { meaningOfCall, meaningOfRecord } from './meanings.ts';
import { modeNames } from '../../../linux/mode.ts';
import { readSocketAddress, socketAddressText } from './socket-address.ts';
import { architectureName, socketCallName, syscallName } from '../../../linux/syscalls.ts';

const address = (hex: string): ReturnType<typeof readSocketAddress> => readSocketAddress(Buffer.from(hex, 'hex'));

describe('system calls', () => {
  it('have a name on each machine', () => {
    const execve = {
      c000003e: 59,
      '40000003': 11,
      c00000b7: 221,
      '40000028': 11,
      c0000015: 11,
      '80000016': 11,
      c00000f3: 221,
    };
    for (const [code, number] of Object.entries(execve)) expect(syscallName(code, number)).toBe('execve');
    expect(syscallName('c000003e', 0x4000_0000 + 59)).toBe('execve');
    expect(syscallName('c00000b7', 452)).toBe('fchmodat2');
    expect(architectureName('c00000b7')).toBe('aarch64');
    expect(socketCallName(3)).toBe('connect');
  });

  it('have none when the machine or the number is not known', () => {
    const strange = [
      syscallName('ffff', 1),
      syscallName('c000003e', 99_999),
      syscallName('c000003e', -1),
      syscallName('', 0),
    ];
    expect(strange).toEqual([undefined, undefined, undefined, undefined]);
    expect([architectureName('constructor'), socketCallName(0), socketCallName(99)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('say what they are about', () => {
    expect(meaningOfCall('openat').event).toEqual({ kind: 'file_access', action: 'open' });
    expect(meaningOfCall('constructor').event).toBeUndefined();
    expect(meaningOfRecord('USER_LOGIN')).toMatchObject({ class: 'user-login', session: 'login' });
    expect(meaningOfRecord('__proto__')).toMatchObject({ class: 'unknown' });
  });
});

describe('numbers with names', () => {
  it('are errors, signals, flags, modes and capabilities', () => {
    expect([errorName(13), errorName(9999), signalName(9), signalName(0)]).toEqual([
      'EACCES',
      undefined,
      'SIGKILL',
      undefined,
    ]);
    expect(openFlagNames(0o101101)).toBe('O_WRONLY|O_CREAT|O_TRUNC|O_LARGEFILE');
    expect(openFlagNames(0x101002)).toBe('O_RDWR|O_SYNC');
    expect(flagsIn('clone', 0x1000_0000 + 2)).toBe('CLONE_NEWUSER|0x2');
    expect([modeNames('0104755'), modeNames('040000'), modeNames('9')]).toEqual([
      'file,suid,755',
      'dir,000',
      undefined,
    ]);
    expect([capabilityNames('2001'), capabilityNames('0'), capabilityNames('?')]).toEqual([
      'chown,net_raw',
      'none',
      undefined,
    ]);
  });
});

describe('socket addresses', () => {
  it('are read in the byte order of the machine that wrote them', () => {
    expect(address('0200 0050 c0000201 0000000000000000'.replaceAll(' ', ''))).toEqual({
      family: 'inet',
      ip: '192.0.2.1',
      port: 80,
    });
    expect(address('0002 0050 c0000201 0000000000000000'.replaceAll(' ', ''))).toEqual({
      family: 'inet',
      ip: '192.0.2.1',
      port: 80,
    });
    expect(address(`0a00 01bb 00000000 20010db8${'0'.repeat(22)}01 00000000`.replaceAll(' ', ''))).toEqual({
      family: 'inet6',
      ip: '2001:db8::1',
      port: 443,
    });
    expect(address('100000000700000001000000')).toEqual({ family: 'netlink', portId: 7, groups: 1 });
    expect(address('1100030302000000')).toEqual({ family: 'packet', protocol: 0x303, interfaceIndex: 2 });
    expect(address('0100')).toEqual({ family: 'short', name: 'local' });
    expect(address('01000000')).toEqual({ family: 'unix', path: null });
  });

  it('may have any length', () => {
    for (let length = 0; length < 40; length++) {
      for (const family of ['0100', '0200', '0a00', '1000', '1100', 'ffff']) {
        const got = address(`${family}${'41'.repeat(40)}`.slice(0, length * 2));
        expect(got === undefined ? length < 2 : socketAddressText(got).startsWith('{ saddr_fam=')).toBe(true);
      }
    }
  });
});

describe('interpretField', () => {
  const shown = (body: string, type = 'SYSCALL', call = ''): string[] => {
    const bytes = Buffer.from(`type=${type} msg=audit(1.0:1): ${body}`, 'latin1');
    const record = readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length, 1, 0);
    if (typeof record === 'string') throw new Error(record);
    const fields = new Fields();
    fields.read(record);
    return Array.from({ length: fields.count }, (_none, index) => interpretField(fields, index, call));
  };

  it('shows names for numbers', () => {
    expect(shown('arch=c000003e syscall=2 exit=-13 auid=4294967295 uid=0')).toEqual([
      'x86_64',
      'open',
      'EACCES(Permission denied)',
      'unset',
      '0',
    ]);
    expect(shown('sig=11 list=4 res=1', 'X')).toEqual(['SIGSEGV', 'exit', 'yes']);
    expect(shown('cap_pe=0000000000000001', 'CAPSET')).toEqual(['chown']);
  });

  it('shows arguments by the call that they belong to', () => {
    expect(shown('a0=ffffff9c a1=7f a2=241 a3=1a4', 'SYSCALL', 'openat')).toEqual([
      'AT_FDCWD',
      '0x7f',
      'O_WRONLY|O_CREAT|O_TRUNC',
      '0644',
    ]);
    expect(shown('a0=ffffff9c a1=7f a2=0 a3=1a4', 'SYSCALL', 'openat')[3]).toBe('0x1a4');
  });

  it('takes the name that auditd has resolved', () => {
    expect(shown('uid=33 gid=42\u001dUID="www-data"')[0]).toBe('www-data');
  });
});
