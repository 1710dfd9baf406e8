-- Translations of the policy. The application's role reads policy_translation and writes it by these functions alone.

-- The owner's: adopted at once, by one person, as a version is at the terminal.
create or replace function translation_adopt(
    p_id uuid, p_version integer, p_language text, p_text text, p_sha256 text, p_of text, p_who text, p_entry uuid)
returns void language plpgsql set search_path = public, pg_temp as $$
begin
    if not exists (select from policy_version v where v.number = p_version and v.sha256 = p_of) then
        perform refuse('another text', 'It translates a text that is not the adopted version %(version)s.',
                       jsonb_build_object('version', p_version));
    end if;
    perform translation_write(p_id, p_version, p_language, p_text, p_sha256, p_of, p_who);
    perform translation_enter(p_id, '', p_entry);
end $$;

-- The first of two. Of a version that is adopted, or of the draft that waits to be.
create or replace function translation_propose(
    p_id uuid, p_version integer, p_language text, p_text text, p_sha256 text, p_of text, p_who text, p_session text)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform acts(p_who, p_session, array['privacy']);
    perform pg_advisory_xact_lock(hashtext('policy_translation'));
    if not exists (select from policy_version v where v.number = p_version and v.sha256 = p_of
                   union select from policy_adoption a join policy_draft d on d.id = a.draft_id
                   where a.number = p_version and d.sha256 = p_of and a.withdrawn_utc is null) then
        perform refuse('another text', 'It translates a text that is not version %(version)s of the policy.',
                       jsonb_build_object('version', p_version));
    elsif exists (select from policy_translation t where t.version = p_version and t.language = p_language
                  and t.adopted_utc is null and t.withdrawn_utc is null) then
        perform refuse('open translation', 'Another text in this language waits for approval. Withdraw it first.');
    end if;
    perform translation_write(p_id, p_version, p_language, p_text, p_sha256, p_of, p_who);
end $$;

-- The second, who names the text by its hash.
create or replace function translation_approve(p_id uuid, p_sha256 text, p_who text, p_session text, p_entry uuid)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_row policy_translation;
begin
    perform acts(p_who, p_session, array['privacy']);
    v_row := translation_open(p_id);
    if v_row.first_by = p_who then
        perform refuse('same person', 'Someone else of the privacy staff has to approve it.');
    elsif v_row.sha256 is distinct from p_sha256 then
        perform refuse('wrong hash', 'The text is not the one that was proposed.');
    end if;
    perform translation_enter(p_id, p_who, p_entry);
end $$;

create or replace function translation_withdraw(p_id uuid, p_who text, p_session text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform acts(p_who, p_session, array['privacy']);
    perform translation_open(p_id);
    update policy_translation set withdrawn_by = p_who, withdrawn_utc = now_utc() where id = p_id;
end $$;

create or replace function translation_write(
    p_id uuid, p_version integer, p_language text, p_text text, p_sha256 text, p_of text, p_who text)
returns void language plpgsql set search_path = public, pg_temp as $$
begin
    if encode(sha256(convert_to(p_text, 'UTF8')), 'hex') <> p_sha256 then
        perform refuse('wrong hash', 'The text is not the one that was checked.');
    end if;
    insert into policy_translation (id, version, language, text, sha256, of_sha256, first_by, first_utc)
        values (p_id, p_version, p_language, p_text, p_sha256, p_of, p_who, now_utc());
end $$;

-- From now on it is shown; the ledger names its hash.
create or replace function translation_enter(p_id uuid, p_second text, p_entry uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_row policy_translation;
    v_entry entry;
begin
    update policy_translation set second_by = p_second, adopted_utc = now_utc() where id = p_id returning * into v_row;
    v_entry.person_id := '00000000-0000-0000-0000-000000000000'; v_entry.id := p_entry; v_entry.kind := 'translated';
    v_entry.version := law_current(); v_entry.who := v_row.first_by;
    v_entry.payload := jsonb_build_object('translation', v_row.id, 'of', v_row.version, 'language', v_row.language,
                                          'sha256', v_row.sha256, 'second', p_second);
    perform entry_write(v_entry);
end $$;

create or replace function translation_open(p_id uuid) returns policy_translation
language plpgsql set search_path = public, pg_temp as $$
declare
    v_row policy_translation;
begin
    select * into v_row from policy_translation t where t.id = p_id for update;
    if v_row.id is null or v_row.withdrawn_utc is not null or v_row.adopted_utc is not null then
        perform refuse('not open', 'It has already been adopted or withdrawn.');
    end if;
    return v_row;
end $$;
