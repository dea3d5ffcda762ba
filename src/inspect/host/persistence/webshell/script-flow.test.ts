import { describe, expect, it } from 'vitest';
import { honest, shells } from './testdata/shells.ts';
import { codeInPage, scriptCode } from './script-code.ts';
import { node } from './languages/node.ts';
import { scriptSigns } from './tokens.ts';

const strongest = (code: string, extension: string): number =>
  Math.max(0, ...scriptSigns(code, extension).map(({ weight }) => weight));

describe('scripts that run what a request brings', () => {
  it.each(shells)('%s: %s', (extension, _what, code) => {
    expect(strongest(code, extension)).toBeGreaterThanOrEqual(0.6);
  });

  it.each(honest)('are not, %s: %s', (extension, _what, code) => {
    expect(scriptSigns(code, extension).filter(({ weight }) => weight > 0.3)).toEqual([]);
  });

  it('tell where it stands', () => {
    expect(scriptSigns('<% Runtime.getRuntime().exec(request.getParameter("c")); %>', 'jsp')).toContainEqual({
      what: 'runs a command that a request brings',
      value: ".exec(request.getParameter('c'));",
      weight: 0.85,
    });
  });

  it('that write to a file which the request names are told a step lower', () => {
    const code = '<% new java.io.FileOutputStream(request.getParameter("f")).write(b); %>';
    expect(scriptSigns(code, 'jsp')).toMatchObject([{ what: 'writes to a file that a request names', weight: 0.4 }]);
  });

  it('are read without comments, and with the values that stand in texts', () => {
    expect(scriptCode('a(`x ${b} y`); // c("d")\ne = /"/.test(\'long "text"\') /* f */', node.lexis)).toBe(
      "a('x '+(b)+' y');  \ne =  .test('')  ",
    );
    expect(codeInPage('<b><%= a %></b><%@ page x="y" %>${c}<script runat="server">d();</script>')).toBe(
      ' a ;\nc;\nd();',
    );
  });
});

describe('hostile scripts', () => {
  const parts = [
    'exec(', 'a=', '(', '[', '{', "'", '"', '`', '/*', '//', '#', '${', '#{', '<%', '<% ', 'a.b', '$a=$', '$a{', 'open(', 'eval $a,', 'def a(', 'function a(',
    'public A a(b){', 'sub a{my(', '@a.get(\ndef a(', 'for a in ', 'request.get', 'req.query.a=', 'param(', 'Integer.parseInt(', 'int((', 'a=b+', '"a"+', "'a'.'b'.", '=~ s/', '/a', '$(cat',
    'read STDIN, $a, $ENV', '\\u0041', 'import request as ', 'subprocess.run([', 'new ProcessBuilder(', 'request(', 'x=x;', 'a(a);', '<cfset a=url.', '\n', ' ', 'a ', '=begin\n', 'promisify(', 'on(\'x\',(',
  ]; // prettier-ignore
  const extensions = ['jsp', 'asp', 'aspx', 'pl', 'py', 'js', 'rb', 'erb', 'sh', 'cgi', 'cfm'];

  it.each(extensions)('take time linear in their length: %s', { timeout: 120_000 }, (extension) => {
    const used = (code: string): number => {
      const before = process.cpuUsage();
      scriptSigns(code.slice(0, 2 ** 16), extension);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    };
    const web = extension === 'js' ? 'require("child_process")\n' : 'from flask import request\n';
    expect(parts.filter((part) => used(web + part.repeat(2 ** 16 / part.length)) > 1.5)).toEqual([]);
  });
});
