import { describe, expect, it } from 'vitest';
import type { EventRow } from '../../../../events/event.ts';
import { call, read } from './testdata/read-lines.ts';

describe('a file that is opened', () => {
  const opened = (flags: string, nameType: string, name = '"/etc/x"'): EventRow | undefined =>
    read([
      call(257, `a0=ffffff9c a1=7f a2=${flags} a3=1b6`),
      'CWD cwd="/root"',
      'PATH item=0 name="/etc/" inode=1 dev=08:01 mode=040755 ouid=0 ogid=0 nametype=PARENT',
      `PATH item=1 name=${name} inode=5 dev=fd:0a mode=0100644 ouid=33 ogid=42 rdev=00:00 nametype=${nameType}`,
    ]).events[0];

  it('is read, written or created by its flags and what became of it', () => {
    expect(opened('0', 'NORMAL')).toMatchObject({ event_action: 'read' });
    expect(opened('1', 'NORMAL')).toMatchObject({ event_action: 'write' });
    expect(opened('241', 'CREATE')).toMatchObject({ event_action: 'create' });
    expect(opened('241', 'NORMAL')).toMatchObject({ event_action: 'write' });
    expect(opened('200000', 'NORMAL')).toMatchObject({ event_action: 'open' });
  });

  it('has path, inode, device, mode and owner; the rest of its record and the others stand in fields', () => {
    expect(opened('241', 'CREATE')).toMatchObject({
      kind: 'file_access',
      syscall: 'openat',
      file_path: '/etc/x',
      file_inode: '5',
      file_device: '253:10',
      file_mode: '0100644',
      file_owner_id: 33,
      file_group_id: 42,
      fields: {
        flags: 'O_WRONLY|O_CREAT|O_TRUNC',
        mode: '0666',
        PATH: [
          { item: '0', nametype: 'PARENT' },
          { item: '1', rdev: '00:00', nametype: 'CREATE' },
        ],
      },
    });
  });

  it('is joined with the working directory, and its name as logged is kept', () => {
    expect(opened('0', 'NORMAL', '"../etc/./x"')).toMatchObject({
      file_path: '/etc/x',
      // As it was given, for rules about detours.
      fields: { path: '../etc/./x', PATH: [{}, { name: '../etc/./x' }] },
    });
    expect(opened('0', 'NORMAL', '2F746D702F6120622063')).toMatchObject({ file_path: '/tmp/a b c' });
  });

  it('takes the flags of openat2 from its own record', () => {
    const lines = [
      call(437, 'a0=ffffff9c'),
      'OPENAT2 oflag=01101 mode=0600 resolve=0x8',
      'PATH item=0 name="/x" nametype=NORMAL',
    ];
    expect(read(lines).events[0]).toMatchObject({ event_action: 'write', fields: { OPENAT2: { resolve: '0x8' } } });
  });
});

describe('other calls on files', () => {
  it('tell both names of a rename in one event, also when a file was replaced', () => {
    const lines = [
      call(82),
      'CWD cwd="/d"',
      'PATH item=0 name="/d/" nametype=PARENT',
      'PATH item=1 name="/d/" nametype=PARENT',
      'PATH item=2 name="a.tmp" inode=7 nametype=DELETE',
      'PATH item=3 name="a" inode=6 nametype=DELETE',
      'PATH item=4 name="a" inode=7 nametype=CREATE',
    ];
    expect(read(lines).events).toMatchObject([
      { event_action: 'rename', file_path: '/d/a.tmp', file_target_path: '/d/a', file_inode: '7' },
    ]);
  });

  it('tell what a link points to, and where something was mounted', () => {
    const link = [
      call(266, 'a1=ffffff9c'),
      'CWD cwd="/"',
      'PATH item=0 name="/etc/shadow" nametype=UNKNOWN',
      'PATH item=1 name="/tmp/l" nametype=CREATE',
    ];
    expect(read(link).events).toMatchObject([
      { event_action: 'link', file_path: '/etc/shadow', file_target_path: '/tmp/l' },
    ]);
    const relative = [
      call(88),
      'CWD cwd="/root"',
      'PATH item=0 name="../init.d/netd" nametype=UNKNOWN',
      'PATH item=1 name="/etc/rc3.d/S99netd" inode=8 nametype=CREATE',
    ];
    expect(read(relative).events).toMatchObject([
      {
        file_path: '/etc/init.d/netd',
        file_target_path: '/etc/rc3.d/S99netd',
        file_inode: '8',
        fields: { PATH: [{ name: '../init.d/netd' }, {}] },
      },
    ]);
    const mount = [
      call(165, 'a3=1000'),
      'PATH item=0 name="/dev/sda1" nametype=NORMAL',
      'PATH item=1 name="/mnt" nametype=NORMAL',
    ];
    expect(read(mount).events).toMatchObject([
      { event_action: 'mount', file_path: '/mnt', fields: { flags: 'MS_BIND' } },
    ]);
  });

  it('are one event for each file, the records beside them in the first', () => {
    const lines = [
      call(87),
      'CWD cwd="/"',
      'PATH item=0 name="/a" nametype=DELETE',
      'PATH item=1 name="/b" nametype=DELETE',
      'FD_PAIR fd0=3 fd1=4',
    ];
    const { events } = read(lines);
    expect(events.map((event) => event['file_path'])).toEqual(['/a', '/b']);
    expect(events[0]).toMatchObject({ fields: { FD_PAIR: { fd0: '3' }, PATH: [{}, { name: '/b' }] } });
    expect(events[1]).toMatchObject({ fields: { PATH: [{ item: '1' }] } });
    expect(events[1]?.['fields']).not.toHaveProperty('FD_PAIR');
  });

  it('have no path when none was logged: only the parent, or a descriptor', () => {
    expect(read([call(83), 'CWD cwd="/"', 'PATH item=0 name="/var" nametype=PARENT']).events[0]).not.toHaveProperty(
      'file_path',
    );
    const [byDescriptor] = read([call(91, 'a1=1ed'), 'PATH item=0 name=(null) inode=9 nametype=NORMAL']).events;
    expect(byDescriptor).toMatchObject({ file_inode: '9', fields: { mode: '0755' } });
    expect(read([call(319, 'a1=1')]).events).toMatchObject([{ kind: 'file_access', event_action: 'create' }]);
  });

  it('take a directory that was given from the record of the parent', () => {
    const lines = [
      call(263, 'a0=5'),
      'CWD cwd="/root"',
      'PATH item=0 name="/srv/www" nametype=PARENT',
      'PATH item=1 name="x" nametype=DELETE',
    ];
    expect(read(lines).events[0]).toMatchObject({ file_path: '/srv/www/x' });
  });
});
