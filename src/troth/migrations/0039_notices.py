"""Notices about products, which two people publish; installations and snippets."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0038_soft_bounces'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='approved_by',
            field=models.TextField(default='', help_text='The second person.'),
        ),
        migrations.AddField(
            model_name='issue',
            name='asked_by',
            field=models.TextField(default='', help_text='Who asked a second person to publish it.'),
        ),
        migrations.AddField(
            model_name='issue',
            name='covered',
            field=models.BooleanField(default=False, help_text='About an upgrade: only for those with maintenance.'),
        ),
        migrations.AddField(
            model_name='issue',
            name='purpose',
            field=models.TextField(default='newsletter'),
        ),
        migrations.AlterField(
            model_name='issue',
            name='state',
            field=models.TextField(choices=[('draft', 'Draft'), ('review', 'Review'), ('scheduled', 'Scheduled'), ('sending', 'Sending'), ('stopped', 'Stopped'), ('sent', 'Sent')], default='draft'),
        ),
        migrations.AlterField(
            model_name='issue',
            name='topic',
            field=models.TextField(help_text='Of the purpose; of a notice, the product.'),
        ),
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('number', models.TextField()),
                ('product', models.TextField()),
                ('release', models.TextField(default='', help_text='As it was given: numbers with dots.')),
                ('maintained_until', models.DateField(help_text='Until when maintenance covers upgrades.', null=True)),
                ('place', models.TextField(help_text='The form, or staff.entry.')),
                ('version', models.IntegerField(help_text='Of the policy, when it was registered.')),
                ('address_key', models.BinaryField(db_index=True, help_text='Keyed hash: equal for equal addresses.')),
                ('registered_utc', models.DateTimeField()),
                ('removed_utc', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.person')),
            ],
            options={
                'db_table': 'newsletter_installation',
                'indexes': [models.Index(fields=['product', 'registered_utc'], name='installations_of_a_product')],
            },
        ),
    ]
