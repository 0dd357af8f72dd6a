"""Which documents of GS-4.2g a policy is; of those entered before nobody knows."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0010_stale_affairs_and_units'),
        ('organizations', '0004_stale_endings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='supportpolicy',
            name='history_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='supportpolicy',
            name='history_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='supportpolicy',
            name='history_delete',
        ),
        migrations.AddField(
            model_name='supportpolicy',
            name='paper',
            field=models.CharField(choices=[('purchase_rules', '政府购买社会组织服务实施办法（细则）'), ('cultivation', '培育发展社区社会组织政策措施'), ('other', '其他扶持政策')], default='other', help_text='The first two are asked of every county, city and province 〔甘肃2016 四(二)〕.', max_length=20, verbose_name='kind of document'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='supportpolicyhistory',
            name='paper',
            field=models.CharField(choices=[('purchase_rules', '政府购买社会组织服务实施办法（细则）'), ('cultivation', '培育发展社区社会组织政策措施'), ('other', '其他扶持政策')], default='other', help_text='The first two are asked of every county, city and province 〔甘肃2016 四(二)〕.', max_length=20, verbose_name='kind of document'),
            preserve_default=False,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportpolicy',
            trigger=pgtrigger.compiler.Trigger(name='history_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_supportpolicyhistory" ("content", "doc_no", "id", "kinds", "paper", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "removed_at", "removed_by_id", "removed_reason", "title", "valid_from", "valid_to") SELECT new_values."content", new_values."doc_no", new_values."id", new_values."kinds", new_values."paper", NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, NULLIF(current_setting(\'pghistory.context_id\', true), \'\')::uuid, now(), \'insert\', new_values."id", new_values."region_id", new_values."removed_at", new_values."removed_by_id", new_values."removed_reason", new_values."title", new_values."valid_from", new_values."valid_to" FROM new_values ; RETURN NULL;', hash='bc371fc6776f40e98fdc8cfca135c02ecaeb8fb7', level='STATEMENT', operation='INSERT', pgid='pgtrigger_history_insert_481fc', referencing='REFERENCING NEW TABLE AS new_values ', table='organizations_supportpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportpolicy',
            trigger=pgtrigger.compiler.Trigger(name='history_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_supportpolicyhistory" ("content", "doc_no", "id", "kinds", "paper", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "removed_at", "removed_by_id", "removed_reason", "title", "valid_from", "valid_to") SELECT new_values."content", new_values."doc_no", new_values."id", new_values."kinds", new_values."paper", NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, NULLIF(current_setting(\'pghistory.context_id\', true), \'\')::uuid, now(), \'update\', new_values."id", new_values."region_id", new_values."removed_at", new_values."removed_by_id", new_values."removed_reason", new_values."title", new_values."valid_from", new_values."valid_to" FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (ROW(old_values."id", old_values."removed_at", old_values."removed_by_id", old_values."removed_reason", old_values."valid_from", old_values."valid_to", old_values."region_id", old_values."paper", old_values."title", old_values."doc_no", old_values."kinds", old_values."content") IS DISTINCT FROM ROW(new_values."id", new_values."removed_at", new_values."removed_by_id", new_values."removed_reason", new_values."valid_from", new_values."valid_to", new_values."region_id", new_values."paper", new_values."title", new_values."doc_no", new_values."kinds", new_values."content")); RETURN NULL;', hash='3bcacaf9ef5121d64305b5243d3ab0c46018b60c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_history_update_12206', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='organizations_supportpolicy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supportpolicy',
            trigger=pgtrigger.compiler.Trigger(name='history_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_supportpolicyhistory" ("content", "doc_no", "id", "kinds", "paper", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "removed_at", "removed_by_id", "removed_reason", "title", "valid_from", "valid_to") SELECT old_values."content", old_values."doc_no", old_values."id", old_values."kinds", old_values."paper", NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, NULLIF(current_setting(\'pghistory.context_id\', true), \'\')::uuid, now(), \'delete\', old_values."id", old_values."region_id", old_values."removed_at", old_values."removed_by_id", old_values."removed_reason", old_values."title", old_values."valid_from", old_values."valid_to" FROM old_values ; RETURN NULL;', hash='be606ca478381f263fcb9a036ef70d93216f17b9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_history_delete_8c4ba', referencing='REFERENCING OLD TABLE AS old_values ', table='organizations_supportpolicy', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='supportpolicy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paper__in', ('purchase_rules', 'cultivation')), _negated=True), models.Q(('doc_no', ''), _negated=True), _connector='OR'), name='demanded_paper_has_its_number', violation_error_message='Give the number of this document.'),
        ),
    ]
