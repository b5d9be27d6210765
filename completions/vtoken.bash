# shellcheck shell=bash
# Completion of vtoken for bash 4.4 and later. Source it, or install it as
# /usr/share/bash-completion/completions/vtoken. VTOKEN_LIVE_COMPLETION=false keeps it from asking the store or server
# for roles, policies, accessors and paths.

# The table, made by scripts/completions.
_vtoken_names() {
  names=(
    'create'
    'lookup'
    'renew'
    'revoke'
    'capabilities'
    'run'
    'inspect'
    'scan'
    'roles list'
    'roles read'
    'roles write'
    'roles delete'
    'accessors list'
    'accessors lookup'
    'accessors revoke'
    'list'
    'read'
    'write'
    'delete'
    'unwrap'
    'policy list'
    'policy read'
    'policy write'
    'policy delete'
    'policy fmt'
    'print token'
    'store init'
    'store status'
    'store verify'
    'store rotate'
    'store rekey'
    'store backup'
    'store restore'
    'store tidy'
    'store audit enable'
    'store audit disable'
    'store audit status'
    'store audit hash'
  )
}

_vtoken_shared() {
  case $1 in
    output)
      flags+="
        format=choice:table,json,yaml,ndjson,env field=any output-file=file
      "
      ;;
    requests)
      flags+="
        token-file=file namespace=any wrap-ttl=any header=any mfa=any policy-override output-curl-string
        output-policy non-interactive
      "
      ;;
    servers)
      flags+="
        ca-cert=file ca-path=folder client-cert=file client-key=file tls-server-name=any tls-skip-verify
        disable-redirects
      "
      ;;
    server_or_store)
      flags+="
        address=any agent-address=any store=file key-file=file passphrase-file=file
      "
      ;;
    general)
      flags+="
        q v exit-codes=choice:detailed,plain fail-on-warning
      "
      ;;
    clusters)
      flags+="
        consistency=choice:retry,forward,forward-always require-index=any
      "
      ;;
    output_2)
      flags+="
        format=choice:table,json,yaml,ndjson field=any output-file=file
      "
      ;;
    output_3)
      flags+="
        format=choice:table,json,yaml,ndjson output-file=file
      "
      ;;
    output_4)
      flags+="
        format=choice:table,json,yaml,ndjson detailed output-file=file
      "
      ;;
    which_tokens)
      flags+="
        policy=policy role=role path=any display-name=any metadata=any entity-id=any type=choice:service,batch orphan
        created-before=any created-after=any ttl-less-than=any ttl-greater-than=any all accessors-from=file
      "
      ;;
    general_2)
      flags+="
        q v exit-codes=choice:detailed,plain
      "
      ;;
  esac
}

_vtoken_command() {
  flags='help ' arguments=any further=any
  case $1 in
    '') set -- output requests servers server_or_store general clusters ;;
    'create')
      arguments=any further=any
      flags+="
        id=token display-name=any ttl=any explicit-max-ttl=any period=any renewable orphan no-default-policy
        use-limit=any role=role type=choice:service,batch metadata=any policy=policy require-policies
        entity-alias=any cache=any cache-min-ttl=any count=any
      "
      set -- output requests servers server_or_store general clusters
      ;;
    'lookup')
      arguments=token further=token
      flags+="
        accessor min-ttl=any
      "
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'renew')
      arguments=token further=any
      flags+="
        accessor increment=any i=any watch on-end=any
      "
      set -- output requests servers server_or_store general clusters
      ;;
    'revoke')
      arguments=token further=token
      flags+="
        accessor self mode=choice:orphan,path
      "
      set -- output_3 requests servers server_or_store general clusters
      ;;
    'capabilities')
      arguments=path further=path
      flags+="
        self accessor
      "
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'run')
      arguments=command further=any
      flags+="
        sink=file kill-after=any id=token display-name=any ttl=any explicit-max-ttl=any period=any renewable orphan
        no-default-policy use-limit=any role=role type=choice:service,batch metadata=any policy=policy
        require-policies entity-alias=any
      "
      set -- requests servers server_or_store general clusters
      ;;
    'inspect')
      arguments=token further=token
      flags+="
        explain lookup verify verify-key=file reveal
      "
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'scan')
      arguments=file further=file
      flags+="
        format=choice:text,json,ndjson,sarif,token min-confidence=choice:weak,likely,proved baseline=file reveal
        binary no-ignore diff threads=any q output-file=file
      "
      set --
      ;;
    'roles list')
      arguments=any further=any
      set -- output_4 requests servers server_or_store general clusters
      ;;
    'roles read')
      arguments=role further=any
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'roles write')
      arguments=role further=any
      flags+="
        force f
      "
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'roles delete')
      arguments=role further=any
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'accessors list')
      arguments=any further=any
      flags+="
        sort=choice:accessor,ttl,created,expires,display-name,path,policies,type,role
        group-by=choice:policy,role,path,display-name,type concurrency=any list-timeout=any
      "
      set -- which_tokens output_4 requests servers server_or_store general clusters
      ;;
    'accessors lookup')
      arguments=accessor further=accessor
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'accessors revoke')
      arguments=accessor further=accessor
      flags+="
        concurrency=any list-timeout=any yes dry-run include-self include-root max=any rounds=any verify journal=file
        resume
      "
      set -- which_tokens output_3 requests servers server_or_store general clusters
      ;;
    'list')
      arguments=path further=any
      set -- output_4 requests servers server_or_store general clusters
      ;;
    'read')
      arguments=path further=any
      flags+="
        format=choice:table,json,yaml,ndjson,raw field=any output-file=file
      "
      set -- requests servers server_or_store general clusters
      ;;
    'write')
      arguments=path further=any
      flags+="
        force f
      "
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'delete')
      arguments=path further=any
      set -- output_2 requests servers server_or_store general clusters
      ;;
    'unwrap')
      arguments=token further=any
      set -- output requests servers server_or_store general clusters
      ;;
    'policy list')
      arguments=any further=any
      set -- output_3 requests servers server_or_store general clusters
      ;;
    'policy read')
      arguments=policy further=any
      set -- output_3 requests servers server_or_store general clusters
      ;;
    'policy write')
      arguments=policy further=file
      set -- requests servers server_or_store general clusters
      ;;
    'policy delete')
      arguments=policy further=any
      set -- requests servers server_or_store general clusters
      ;;
    'policy fmt')
      arguments=file further=any
      set --
      ;;
    'print token')
      arguments=any further=any
      set -- output_3 requests servers server_or_store general clusters
      ;;
    'store init')
      arguments=any further=any
      flags+="
        print-root-token passphrase audit=file
      "
      set -- output_2 server_or_store general_2
      ;;
    'store status')
      arguments=any further=any
      set -- output_2 server_or_store general_2
      ;;
    'store verify')
      arguments=any further=any
      set -- output_2 server_or_store general_2
      ;;
    'store rotate')
      arguments=any further=any
      set -- output_2 server_or_store general_2
      ;;
    'store rekey')
      arguments=any further=any
      flags+="
        new-key-file=file new-passphrase-file=file new-passphrase
      "
      set -- output_2 server_or_store general_2
      ;;
    'store backup')
      arguments=file further=any
      set -- output_2 server_or_store general_2
      ;;
    'store restore')
      arguments=file further=any
      flags+="
        from-key-file=file from-passphrase-file=file force
      "
      set -- output_2 server_or_store general_2
      ;;
    'store tidy')
      arguments=any further=any
      set -- output_2 server_or_store general_2
      ;;
    'store audit enable')
      arguments=any further=any
      flags+="
        file=file
      "
      set -- output_2 server_or_store general_2
      ;;
    'store audit disable')
      arguments=any further=any
      set -- output_2 server_or_store general_2
      ;;
    'store audit status')
      arguments=any further=any
      set -- output_2 server_or_store general_2
      ;;
    'store audit hash')
      arguments=accessor further=any
      set -- output_2 server_or_store general_2
      ;;
    *) set -- ;;
  esac
  local name
  for name in "$@"; do _vtoken_shared "$name"; done
}
# The end of the table.

# Puts the whole words into `before` (those between the program's name and the cursor) and `behind`, and the one at the
# cursor, as far as the cursor, into `cur`. Readline cuts words at "=", ":" and "@"; `places` has the number of each
# word's first piece, with the cursor's word last.
_vtoken_words() {
  local rest=$COMP_LINE gap piece i upto=0
  before=() behind=() places=() cur=''
  for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
    piece=${COMP_WORDS[i]}
    gap=${rest%%[![:space:]]*}
    rest=${rest#"$gap"}
    upto=$((${#COMP_LINE} - ${#rest}))
    rest=${rest#"$piece"}
    if ((i == COMP_CWORD)); then
      piece=${COMP_LINE:upto:COMP_POINT > upto ? COMP_POINT - upto : 0}
      if [[ -z $gap && ${#before[@]} -gt 0 ]]; then
        cur=${before[-1]}$piece
        unset 'before[-1]'
      else
        cur=$piece
        places+=("$i")
      fi
    elif ((i > COMP_CWORD)); then
      if [[ -n $gap ]]; then behind+=("$piece"); elif ((${#behind[@]} > 0)); then behind[-1]+=$piece; fi
    elif [[ -n $gap || ${#before[@]} -eq 0 ]]; then
      before+=("$piece")
      places+=("$i")
    else
      before[-1]+=$piece
    fi
  done
  before=("${before[@]:1}") places=("${places[@]:1}")
}

# What kind of value a flag takes: "switch" for none, empty for a flag that there is not.
_vtoken_kind() {
  local name=${1#-}
  name=${name#-}
  name=${name%%=*}
  kind=
  if [[ " ${flags//$'\n'/ } " == *" $name "* ]]; then
    kind=switch
  elif [[ " ${flags//$'\n'/ }" == *" $name="* ]]; then
    kind=" ${flags//$'\n'/ }"
    kind=${kind#*" $name="}
    kind=${kind%% *}
  fi
}

# Takes one more word of a command's name. False when there is no such command.
_vtoken_step() {
  local next=${command:+$command }$1 name
  for name in "${names[@]}"; do
    if [[ $name == "$next" ]]; then
      command=$next is_whole=1
      _vtoken_command "$command"
      return 0
    fi
  done
  for name in "${names[@]}"; do
    if [[ $name == "$next "* ]]; then
      command=$next
      return 0
    fi
  done
  return 1
}

# Adds a candidate for the whole word at the cursor. Readline replaces only what it takes for the word.
_vtoken_add() { COMPREPLY+=("${1#"$kept"}"); }

# Quotes a name that somebody chose, so that it is one word and nothing else on this line.
_vtoken_quoted() {
  case $quote in
    \")
      quoted=${1//\\/\\\\}
      quoted=${quoted//\"/\\\"}
      quoted=${quoted//\$/\\\$}
      quoted=${quoted//\`/\\\`}
      ;;
    \') quoted=$1 ;;
    *) printf -v quoted '%q' "$1" ;;
  esac
}

# The word at the cursor begins with PREFIX, and a value is expected behind it.
_vtoken_value() {
  local kind=$1 prefix=$2 value=$3 line choice quoted program=${COMP_WORDS[0]}
  [[ -n $quote ]] || value=${value//\\/}
  case $kind in
    choice:*)
      [[ $value != *,* ]] || prefix+=${value%,*}, value=${value##*,}
      kind=${kind#choice:}
      for choice in ${kind//,/ }; do
        [[ $choice != "$value"* ]] || _vtoken_add "$prefix$choice"
      done
      ;;
    file | folder | token | accessor | path | any)
      if [[ $kind == path || $kind == any ]] && [[ $value == *=@* ]]; then
        prefix+=${value%%=@*}=@ value=${value#*=@} kind=file
      elif [[ $kind != f* && $value == @* ]]; then
        prefix+=@ value=${value#@} kind=file
      fi
      ;;
  esac
  case $kind in
    file | folder)
      compopt -o filenames
      [[ ${value:0:2} != \~/ ]] || value=$HOME/${value:2}
      if [[ $kind == file ]]; then kind=-f; else kind=-d; fi
      while IFS= read -r line; do _vtoken_add "$prefix$line"; done < <(compgen "$kind" -- "$value")
      ;;
    role | policy | accessor | path)
      [[ ${program:0:2} != \~/ ]] || program=$HOME/${program:2}
      type -P -- "$program" >/dev/null || program=vtoken
      while IFS= read -r line; do
        _vtoken_quoted "$line"
        # Readline does not close the quotes behind a quote, and an exclamation mark within recalls another line.
        [[ $quote == \' && $line == *\'* || $quote == \" && $line == *!* ]] || _vtoken_add "$prefix$quoted"
      done < <("$program" __complete "$kind" "$value" -- "${before[@]//[\"\'\\]/}" "${behind[@]//[\"\'\\]/}" \
        </dev/null 2>/dev/null)
      ;;
  esac
}

_vtoken_flag() {
  local dashes=- entry
  [[ $cur != --* ]] || dashes=--
  for entry in $flags; do
    [[ $entry != *=* ]] || entry=${entry%%=*}=
    [[ $dashes$entry != "$cur"* ]] || _vtoken_add "$dashes$entry"
  done
}

_vtoken_names_at() {
  local name seen=' '
  for name in "${names[@]}"; do
    [[ $name == "${command:+$command }"* ]] || continue
    name=${name#"${command:+$command }"}
    name=${name%% *}
    [[ $name == "$cur"* && $seen != *" $name "* ]] || continue
    seen+="$name "
    _vtoken_add "$name"
  done
}

# What follows `run` is another program's command line.
_vtoken_other() {
  if declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif ((COMP_CWORD == $1)); then
    mapfile -t COMPREPLY < <(compgen -c -- "$cur")
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  fi
}

_vtoken() {
  local -a names before behind places
  local cur kept quote='' flags arguments further kind word command='' pending='' dashes='' is_whole='' count=0 accessor=''
  COMPREPLY=()
  _vtoken_names
  _vtoken_command ''
  _vtoken_words
  kept=${cur%"$2"}
  if [[ $kept == *[\"\'] ]]; then
    quote=${kept: -1} kept=${kept%?}
    cur=$kept$2
  fi
  for word in "${before[@]}"; do
    if [[ -n $pending ]]; then
      pending=
    elif [[ -z $dashes && $word == -- ]]; then
      dashes=1
    elif [[ -z $dashes && $word == -?* ]]; then
      _vtoken_kind "$word"
      [[ $word == *=* || -z $kind || $kind == switch ]] || pending=$kind
      [[ $word != -accessor && $word != --accessor ]] || accessor=1
    elif [[ -n $is_whole ]]; then
      ((++count))
      [[ $arguments != command ]] || dashes=1
    elif [[ -n $command || ($word != token && $word != help) ]]; then
      _vtoken_step "$word" || return 0
    fi
  done
  if [[ -n $pending ]]; then
    _vtoken_value "$pending" '' "$cur"
  elif [[ $arguments == command && (-n $dashes || $cur != -*) ]]; then
    _vtoken_other "${places[${#before[@]} - count]}"
  elif [[ -z $dashes && $cur == -*=* ]]; then
    _vtoken_kind "$cur"
    if [[ $kind == switch ]]; then kind=choice:true,false; fi
    _vtoken_value "$kind" "${cur%%=*}=" "${cur#*=}"
  elif [[ -z $dashes && $cur == -* ]]; then
    _vtoken_flag
  elif [[ -z $is_whole ]]; then
    _vtoken_names_at
  else
    kind=$arguments
    ((count == 0)) || kind=$further
    [[ -z $accessor ]] || { [[ $kind != token ]] && ((count > 0)); } || kind=accessor
    _vtoken_value "$kind" '' "$cur"
  fi
  if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[=/] ]]; then compopt -o nospace; fi
}

complete -F _vtoken vtoken
