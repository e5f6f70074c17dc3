-- The binary with the language client of Neovim: `nvim --headless -u NONE -l` is not there before 0.9, so
-- `nvim --headless -u NONE -c 'luafile tests/lsp/nvim.lua'`, with CADRAGE and FOLDER in the environment.

local folder = os.getenv('FOLDER')
local passed = 0

local function fail(message)
  io.stderr:write('FAILED: ' .. message .. '\n')
  vim.cmd('cquit 1')
end

local function check(condition, message)
  if not condition then
    fail(message)
  end
  passed = passed + 1
end

local function write(path, text)
  local file = assert(io.open(path, 'w'))
  file:write(text)
  file:close()
end

-- The diagnostics of a buffer with a code.
local function of(buffer, code)
  return vim.tbl_filter(function(d)
    return d.code == code or (d.user_data and d.user_data.lsp and d.user_data.lsp.code == code)
  end, vim.diagnostic.get(buffer))
end

local function wait(what, condition)
  if not vim.wait(30000, condition, 20) then
    fail('timed out: ' .. what)
  end
  passed = passed + 1
end

local client
local function open(path)
  vim.cmd('edit ' .. vim.fn.fnameescape(path))
  local buffer = vim.api.nvim_get_current_buf()
  client = client or vim.lsp.start_client({ name = 'cadrage', cmd = { os.getenv('CADRAGE'), 'lsp' }, root_dir = folder })
  check(client, 'the client does not start')
  check(vim.lsp.buf_attach_client(buffer, client), 'the buffer is not attached')
  return buffer
end

local vague = 'redaction.engagement-flou'
local body = 'redaction.instance-non-definie'
write(folder .. '/cadrage.toml', 'dossiers = ["notes/*"]\n')
vim.fn.mkdir(folder .. '/notes/eau', 'p')
write(folder .. '/notes/eau/README.md', table.concat({
  '# Concertation sur la place 😀 du marché', '',
  'La Ville invite les habitants à la concertation du 3 mai au 20 juin 2027.', '',
  '## Gouvernance', '', 'Un comité de suivi sera mis en place.', '',
  '## Suites', '', '😀 Une réponse sera apportée dans les meilleurs délais.', '',
}, '\n'))
write(folder .. '/notes/eau/calendrier.md', '# Calendrier\n\nRien encore.\n')

-- open: the diagnostic stands under the words
local readme = open(folder .. '/notes/eau/README.md')
wait('the first diagnostics', function() return #of(readme, vague) == 1 end)
local first = of(readme, vague)[1]
local line = vim.api.nvim_buf_get_lines(readme, first.lnum, first.lnum + 1, true)[1]
check(line:sub(first.col + 1, first.end_col) == 'réponse sera apportée', 'wrong words: ' .. line:sub(first.col + 1, first.end_col))

-- edit above: it moves
vim.api.nvim_buf_set_lines(readme, 2, 2, true, { 'Une ligne de plus. 😀', '' })
wait('the diagnostic to move', function() return #of(readme, vague) == 1 and of(readme, vague)[1].lnum == first.lnum + 2 end)

-- the sentence is put right: it vanishes
vim.api.nvim_buf_set_lines(readme, first.lnum + 2, first.lnum + 3, true, { 'Le conseil municipal répond à chaque avis avant le 30 septembre 2027.' })
wait('the diagnostic to vanish', function() return #vim.diagnostic.get(readme) > 0 and #of(readme, vague) == 0 end)

-- an edit in the other file of the dossier, not saved, changes what is said here
check(#of(readme, body) == 1, 'the body is not reported')
local calendar = open(folder .. '/notes/eau/calendrier.md')
wait('the diagnostics of the other file', function() return #vim.diagnostic.get(calendar) > 0 end)
vim.api.nvim_buf_set_lines(calendar, 2, 3, true, { 'Le comité de suivi réunit la maire, deux adjoints et trois habitants tirés au sort.' })
wait('the body to be known', function() return #of(readme, body) == 0 end)

-- the code action writes what is missing
local gap = of(calendar, 'moyens.budget')[1] or fail('the budget is not reported')
local params = {
  textDocument = vim.lsp.util.make_text_document_params(calendar),
  range = gap.user_data.lsp.range or { start = { line = gap.lnum, character = gap.col }, ['end'] = { line = gap.end_lnum, character = gap.end_col } },
  context = { diagnostics = {} },
}
local answer = vim.lsp.buf_request_sync(calendar, 'textDocument/codeAction', params, 30000)
check(answer and answer[client] and answer[client].result, 'no code action')
local action = vim.tbl_filter(function(a)
  return a.edit and #a.diagnostics == 1 and a.diagnostics[1].code == 'moyens.budget' and not a.title:find('Écarter')
end, answer[client].result)[1]
check(action, 'no code action for the budget')
vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(client).offset_encoding)
local text = table.concat(vim.api.nvim_buf_get_lines(calendar, 0, -1, true), '\n') .. table.concat(vim.api.nvim_buf_get_lines(readme, 0, -1, true), '\n')
check(text:find('La démarche dispose de [montant] €', 1, true), 'the skeleton is not written: ' .. text)
wait('the gap to be one of blanks', function()
  local found = vim.list_extend(of(calendar, 'moyens.budget'), of(readme, 'moyens.budget'))
  return #found == 1 and found[1].message:find('blancs à remplir', 1, true) ~= nil
end)

vim.lsp.stop_client(client)
wait('the server to leave', function() return vim.lsp.client_is_stopped(client) end)
io.stdout:write(passed .. ' passed, 0 failed\n')
vim.cmd('qall!')
