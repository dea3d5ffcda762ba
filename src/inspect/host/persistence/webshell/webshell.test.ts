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
];

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
      '\\x',
    ];
    expect(parts.filter((part) => used(part.repeat(2 ** 16 / part.length)) > 1.5)).toEqual([]);
  });
});
