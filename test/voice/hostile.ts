/** What a stranger may send as a value. To every voice it is a text, and nothing else. */
export const hostileTexts = [
  "'; rm -rf / #",
  '$(id) `id` ${HOME}',
  '-f /etc/passwd',
  '--help',
  '<speak><break time="100s"/>hi</speak>',
  '&q=other&tl=xx#fragment',
  '", "voice": "other", "x": "',
  'line\r\nX-Header: 1',
  '{language} {pace} {{ x }}',
  'emoji 😀👍🏽 \u202e and half \ud83d',
  '100%41 %00',
]
