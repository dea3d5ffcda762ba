import { describe, expect, it } from 'vitest';
import { Fields, isEnriched, isQuoted } from './fields.ts';
import { readRecord } from './record.ts';

function read(body: string, type = 'SYSCALL'): Fields {
  const bytes = Buffer.from(`type=${type} msg=audit(1.0:1): ${body}`, 'latin1');
  const record = readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length, 1, 0);
  if (typeof record === 'string') throw new Error(record);
  const fields = new Fields();
  fields.read(record);
  return fields;
}

function pairs(fields: Fields): string[] {
  return Array.from({ length: fields.count }, (_none, index) => `${fields.keys[index]?.name}=${fields.rawAt(index)}`);
}

describe('the fields of a record', () => {
  it('are cut at blanks, quotes taken off', () => {
    expect(pairs(read('a0=1 comm="x y"  key=(null)'))).toEqual(['a0=1', 'comm=x y', 'key=(null)']);
    expect(read('comm="x"').marks[0]).toBe(isQuoted);
  });

  it('go on behind 0x1D, where auditd adds names', () => {
    const fields = read('uid=0 key=(null)\u001dUID="root" SADDR={ saddr_fam=inet laddr=::1 lport=80 }');
    expect(pairs(fields)).toEqual(['uid=0', 'key=(null)', 'UID=root', 'SADDR={ saddr_fam=inet laddr=::1 lport=80 }']);
    expect((fields.marks[1] ?? 0) & isEnriched).toBe(0);
    expect((fields.marks[2] ?? 0) & isEnriched).toBe(isEnriched);
  });

  it('come out of msg=, whether its quote is closed or not', () => {
    const want = ['pid=1', 'op=login', 'exe=/usr/sbin/sshd', 'res=success'];
    expect(pairs(read(`pid=1 msg='op=login exe="/usr/sbin/sshd" res=success'`))).toEqual(want);
    expect(pairs(read(`pid=1 msg='op=login exe="/usr/sbin/sshd" res=success`))).toEqual(want);
    expect(pairs(read(`pid=1 msg='op=login res=success'\u001dUID="root"`)).at(-1)).toBe('UID=root');
  });

  it('come out of the oldest form with its parentheses and words', () => {
    const fields = read(`user pid=1 msg='PAM: session open acct=root : exe="/x" (hostname=?, addr=?, res=success)'`);
    expect(pairs(fields)).toEqual(['pid=1', 'acct=root', 'exe=/x', 'hostname=?', 'addr=?', 'res=success']);
    expect(fields.words).toBe('user PAM: session open :');
    expect(pairs(read('login pid=1 old auid=4294967295 new auid=0'))).toEqual([
      'pid=1',
      'old auid=4294967295',
      'new auid=0',
    ]);
  });

  it('tell an SELinux decision', () => {
    const fields = read('avc:  denied  { read write } for  pid=7 tclass=dir', 'AVC');
    expect(pairs(fields)).toEqual(['seresult=denied', 'seperms=read write', 'pid=7', 'tclass=dir']);
    const nested = read(`user pid=1 msg='avc:  granted  { send_msg } for msgtype=x'`, 'USER_AVC');
    expect(pairs(nested)).toEqual(['pid=1', 'seresult=granted', 'seperms=send_msg', 'msgtype=x']);
  });

  it('keep parentheses that belong to the value, and an equals sign in it', () => {
    expect(pairs(read('tty=(none) AUID=unknown(500) subj==unconfined mac= pfs=x'))).toEqual([
      'tty=(none)',
      'AUID=unknown(500)',
      'subj==unconfined',
      'mac=',
      'pfs=x',
    ]);
  });

  it('survive anything', () => {
    for (const body of [
      '',
      '=',
      '==',
      '"',
      `msg='`,
      `'''`,
      '{',
      '}',
      '\u001d',
      'a="',
      'a={',
      '\0\u00ff=\u00ff',
      'avc: denied {',
    ]) {
      expect(read(body).count).toBeLessThan(3);
    }
  });

  it('are bounded, and say so', () => {
    const fields = read('a=1 '.repeat(70_000));
    expect(fields.count).toBe(65_536);
    expect(fields.isCut).toBe(true);
  });

  it('cost time in proportion to their length, whatever is not closed', () => {
    const started = process.cpuUsage().user;
    for (const piece of ['{ ', `msg='`, 'avc: denied { ', 'a={ ', 'old ', '(', 'a="']) read(piece.repeat(200_000));
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(5);
  });
});
