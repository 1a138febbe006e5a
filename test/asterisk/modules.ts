/**
 * What a call flow needs of Asterisk and no more: the start takes a second instead of ten.
 * A module that an installation lacks is passed over with a line in the log.
 */
export const MODULES: readonly string[] = [
  ...some('app', 'bridgewait chanspy controlplayback db dial echo exec if originate playback playtones queue read record ' +
    'mixmonitor sayunixtime senddtmf softhangup stack system transfer userevent verbose waitforcond while'),
  ...some('bridge', 'builtin_features builtin_interval_features holding native_rtp simple softmix'),
  ...some('chan', 'pjsip'),
  ...some('codec', 'a_mu alaw gsm resample ulaw'),
  ...some('format', 'gsm pcm sln wav'),
  ...some('func', 'base64 callerid channel cut db devstate dialgroup dialplan env export global groupcount hangupcause json lock logic ' +
    'math md5 periodic_hook pjsip_aor pjsip_contact pjsip_endpoint rand sha1 shell sprintf strings timeout uri uuid version volume'),
  ...some('pbx', 'config'),
  ...some('res', 'agi crypto curl http_media_cache musiconhold mutestream pjproject rtp_asterisk sorcery_astdb sorcery_config ' +
    'sorcery_memory speech timing_timerfd timing_pthread'),
  ...some('res_pjsip', 'acl authenticator_digest caller_id diversion dlg_options dtmf_info endpoint_identifier_ip endpoint_identifier_user ' +
    'header_funcs logger nat outbound_authenticator_digest pubsub refer registrar rfc3326 sdp_rtp session'),
  'res_pjsip',
]

function some(kind: string, names: string): string[] {
  return names.split(' ').map((name) => `${kind}_${name}`)
}
