
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0012_agents'),
    ]

    operations = [
        migrations.CreateModel(
            name='FinishedLetter',
            fields=[
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='finished', serialize=False, to='troth.letter')),
                ('wrapped', models.BinaryField(help_text='Its own key, wrapped by the master key.')),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'finished_letter',
            },
        ),
        migrations.CreateModel(
            name='JoiningOffer',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, primary_key=True, related_name='+', serialize=False, to='troth.person')),
                ('made_utc', models.DateTimeField()),
            ],
            options={
                'db_table': 'joining_offer',
            },
        ),
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('step', models.TextField(primary_key=True, serialize=False)),
                ('after', models.UUIDField(help_text='The last id that is done.')),
                ('changed', models.IntegerField(default=0)),
                ('ended_utc', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'progress',
            },
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='state',
            field=models.TextField(choices=[('received', 'received'), ('assigned', 'assigned'), ('answered', 'answered'), ('refused', 'refused'), ('erased', 'erased')], default='received'),
        ),
        migrations.AlterField(
            model_name='quoterequest',
            name='address_key',
            field=models.BinaryField(help_text='Keyed hash: the same address asks again. Gone once erased.', null=True),
        ),
        migrations.AlterField(
            model_name='quoterequest',
            name='state',
            field=models.TextField(choices=[('received', 'received'), ('routed', 'routed'), ('queued', 'queued'), ('answered', 'answered'), ('refused', 'refused'), ('erased', 'erased')], default='received'),
        ),
    ]
